import { UnrolledError } from '@unrolled/contracts';
import type { StoredType } from './stored-numbers.ts';

/** What the chunks in front of the samples of a `.wav` file say. */
export interface WavHeader {
  /** Sampling rate, Hz. */
  readonly rate: number;
  readonly channels: number;
  readonly dtype: StoredType;
  readonly littleEndian: boolean;
  /** Where the samples start. */
  readonly byteOffset: number;
  /** Bytes of samples; undefined where a recorder that streamed its output left that open: all the rest of the file. */
  readonly byteLength: number | undefined;
}

const pcm: { readonly [bits: number]: StoredType } = { 8: 'uint8', 16: 'int16', 24: 'int24', 32: 'int32' };
const float: { readonly [bits: number]: StoredType } = { 32: 'float32', 64: 'float64' };

/**
 * Reads the header of a `.wav` file from its first bytes: for streaming, the samples need not be there. Knows RIFF, big-endian
 * RIFX, and RF64 for files beyond 4 GB.
 *
 * @throws INVALID_FILE where it is no wav file, or no samples start within these bytes; INVALID_DTYPE for compressed samples
 */
export function parseWavHeader(bytes: Uint8Array): WavHeader {
  if (bytes.length === 0) fail('the file is empty');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  const container = tag(0);
  if (!['RIFF', 'RIFX', 'RF64'].includes(container) || tag(8) !== 'WAVE') {
    fail('not a wav file (it does not start with RIFF … WAVE)');
  }
  const littleEndian = container !== 'RIFX';
  let format: Pick<WavHeader, 'rate' | 'channels' | 'dtype'> | undefined;
  let longLength: number | undefined;

  for (let at = 12; at + 8 <= bytes.length; ) {
    const id = tag(at);
    const length = view.getUint32(at + 4, littleEndian);
    const body = at + 8;
    if (id === 'data') {
      if (format === undefined) fail('expected a fmt chunk in front of the data');
      const open = length === 0xffffffff;
      const byteLength = open ? longLength : length;
      return Object.freeze({ ...format, littleEndian, byteOffset: body, byteLength });
    }
    if (body + length > bytes.length) break;
    if (id === 'fmt ') format = parseFormat(view, body, length, littleEndian);
    // RF64 keeps the true length of the data here, and all ones in the data chunk.
    if (id === 'ds64' && length >= 16) longLength = Number(view.getBigUint64(body + 8, true));
    at = body + length + (length % 2);
  }
  fail(`truncated in the header, no data chunk within ${bytes.length} bytes`);
}

function parseFormat(
  view: DataView,
  at: number,
  length: number,
  littleEndian: boolean,
): Pick<WavHeader, 'rate' | 'channels' | 'dtype'> {
  if (length < 16) fail(`expected a fmt chunk of at least 16 bytes, found ${length}`);
  const code = view.getUint16(at, littleEndian);
  const channels = view.getUint16(at + 2, littleEndian);
  const rate = view.getUint32(at + 4, littleEndian);
  const frame = view.getUint16(at + 12, littleEndian);
  const bits = view.getUint16(at + 14, littleEndian);
  // The extensible format keeps the code in the first two bytes of its sub-format.
  const kind = code === 0xfffe && length >= 40 ? view.getUint16(at + 24, littleEndian) : code;
  const dtype = kind === 1 ? pcm[bits] : kind === 3 ? float[bits] : undefined;
  if (dtype === undefined) {
    throw new UnrolledError(
      'INVALID_DTYPE',
      `wav: expected PCM of 8, 16, 24 or 32 bits or float of 32 or 64, found format ${kind} of ${bits} bits`,
    );
  }
  if (channels < 1 || rate < 1 || frame !== (channels * bits) / 8) {
    fail(
      `the fmt chunk contradicts itself (${channels} channels, ${rate} Hz, ${bits} bits, ${frame} bytes a frame)`,
    );
  }
  return { rate, channels, dtype };
}

function fail(message: string): never {
  throw new UnrolledError('INVALID_FILE', `wav: ${message}`);
}
