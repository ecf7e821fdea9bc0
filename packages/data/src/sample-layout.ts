import { refuse, requireInteger, UnrolledError } from '@unrolled/contracts';
import {
  bytesOf,
  parseNpyHeader,
  parseWavHeader,
  rawSamples,
  requireBytes,
  type StoredType,
  wavSamples,
} from '@unrolled/formats';

/** Where each sample of a recording lies in its file. */
export interface SampleLayout {
  readonly rate?: number;
  readonly samples: number;
  readonly channels: number;
  readonly dtype: StoredType;
  readonly littleEndian: boolean;
  readonly byteOffset: number;
  /** True where the channels lie one behind the other; false where they are interleaved. */
  readonly planar: boolean;
}

/** What a file may leave open about its samples. */
export interface RecordingOptions {
  /** Sampling rate, Hz. Only .wav files say their own. */
  readonly rate?: number | undefined;
  /** Needed for raw files of several channels; for others checked against the file. */
  readonly channels?: number | undefined;
  /** Needed for raw files; for others checked against the file. */
  readonly dtype?: StoredType | undefined;
}

/** How many bytes of a file are read for its header. */
export const headLength = 2 ** 20;

/** The layout of an `.npy` file out of its first bytes. */
export function npyLayout(head: Uint8Array, fileLength: number, claims: RecordingOptions): SampleLayout {
  const { dtype, shape, byteOffset, littleEndian, fortranOrder } = parseNpyHeader(head);
  if (shape.length < 1 || shape.length > 2) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `expected shape [time] or [time, channels], found [${shape.join(', ')}]`,
    );
  }
  requireBytes('npy', dtype, shape, fileLength - byteOffset);
  requireAgreement('dtype', claims.dtype, dtype);
  const [length, width] = shape as readonly [number, number?];
  // Numbers on one axis may be interleaved samples of as many channels as the caller says.
  const channels = width ?? requireInteger('channels', claims.channels ?? 1);
  if (width === undefined && length % channels !== 0) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `expected a multiple of ${channels} channels, found ${length} numbers`,
    );
  }
  requireAgreement('channels', claims.channels, channels);
  const samples = width === undefined ? length / channels : length;
  if (channels > samples && samples > 0) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `expected [time, channels], found [${shape.join(', ')}], more channels than samples: transpose it`,
    );
  }
  const planar = fortranOrder && channels > 1 && width !== undefined;
  return requireSamples({ samples, channels, dtype, littleEndian, byteOffset, planar });
}

/** The layout of a `.wav` file out of its first bytes. */
export function wavLayout(head: Uint8Array, fileLength: number, claims: RecordingOptions): SampleLayout {
  const header = parseWavHeader(head);
  const { rate, channels, dtype, littleEndian, byteOffset } = header;
  requireAgreement('dtype', claims.dtype, dtype);
  requireAgreement('channels', claims.channels, channels);
  const samples = wavSamples(header, fileLength);
  return requireSamples({ rate, samples, channels, dtype, littleEndian, byteOffset, planar: false });
}

/** The layout of a file of interleaved little-endian numbers, of which only the caller can say what they are. */
export function rawLayout(fileLength: number, claims: RecordingOptions): SampleLayout {
  const { dtype, channels = 1 } = claims;
  if (dtype === undefined) refuse('dtype', dtype, 'the number type of a raw file, such as int16 or float32');
  bytesOf(dtype);
  const samples = rawSamples(fileLength, { dtype, channels });
  return requireSamples({ samples, channels, dtype, littleEndian: true, byteOffset: 0, planar: false });
}

/** Refuses what the caller says where the file says otherwise. */
export function requireAgreement<V>(name: string, claimed: V | undefined, found: V): void {
  if (claimed !== undefined && claimed !== found) refuse(name, claimed, `${found}, as the file says`);
}

function requireSamples(layout: SampleLayout): SampleLayout {
  if (layout.samples === 0 || layout.channels === 0) {
    throw new UnrolledError('INVALID_FILE', 'the file has no samples');
  }
  return Object.freeze(layout);
}
