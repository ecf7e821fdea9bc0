import { requireInteger, requireOneOf, UnrolledError } from '@unrolled/contracts';
import { type NdArray, requireWhole } from './nd-array.ts';
import { bytesOf, decodeNumbers, dtypeOf, encodeNumbers } from './stored-numbers.ts';
import { parseWavHeader, type WavHeader } from './wav-header.ts';

/** Sound, or anything else that was sampled evenly. */
export interface Wav {
  /** Sampling rate, Hz. */
  readonly rate: number;
  /** `[time, channels]`, the numbers as they are stored: integers are not scaled, 8-bit ones are centred at 128. */
  readonly array: NdArray;
}

/** How many samples a channel there are; refuses data that are cut off or that the channels do not divide. */
export function wavSamples(
  { dtype, channels, byteLength, byteOffset }: WavHeader,
  fileLength: number,
): number {
  const found = fileLength - byteOffset;
  const expected = byteLength ?? found;
  if (found < expected) fail(`truncated, expected ${expected} bytes of data, found ${found}`);
  const frame = bytesOf(dtype) * channels;
  if (expected % frame !== 0) {
    fail(`expected a multiple of ${frame} bytes (${channels} channels of ${dtype}), found ${expected}`);
  }
  return expected / frame;
}

/**
 * Reads a `.wav` file: PCM of 8, 16, 24 (read as int32) and 32 bits, float of 32 and 64.
 *
 * @throws INVALID_FILE where it is empty, no wav file or truncated; INVALID_DTYPE for compressed samples
 * @example const { rate, array } = parseWav(readFileSync('speech.wav'));
 */
export function parseWav(bytes: Uint8Array): Wav {
  const header = parseWavHeader(bytes);
  const { rate, channels, dtype, byteOffset, littleEndian } = header;
  const samples = wavSamples(header, bytes.length);
  const body = bytes.subarray(byteOffset, byteOffset + samples * channels * bytesOf(dtype));
  const data = decodeNumbers(body, dtype, littleEndian);
  const shape = Object.freeze([samples, channels]);
  return Object.freeze({ rate, array: Object.freeze({ data, shape, dtype: dtypeOf(dtype) }) as NdArray });
}

/**
 * Writes a `.wav` file: PCM for uint8, int16 and int32, float for float32 and float64.
 *
 * @param array `[time]` or `[time, channels]`; the numbers are stored as they are
 * @param options.rate sampling rate, a whole number of Hz
 */
export function encodeWav(array: NdArray, options: { readonly rate: number }): Uint8Array {
  requireWhole('array', array);
  const dtype = requireOneOf('array.dtype', array.dtype, ['uint8', 'int16', 'int32', 'float32', 'float64']);
  const rate = requireInteger('options.rate', options.rate);
  const [, channels = 1] = array.shape;
  if (array.shape.length < 1 || array.shape.length > 2 || channels < 1) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `array: expected [time] or [time, channels], got [${array.shape.join(', ')}]`,
    );
  }
  const width = bytesOf(dtype);
  const frame = channels * width;
  const body = encodeNumbers(array);
  const padded = body.length + (body.length % 2);
  const bytes = new Uint8Array(44 + padded);
  const view = new DataView(bytes.buffer);
  const tag = (at: number, text: string): void => bytes.set(new TextEncoder().encode(text), at);
  tag(0, 'RIFF');
  view.setUint32(4, 36 + padded, true);
  tag(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, dtype.startsWith('float') ? 3 : 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * frame, true);
  view.setUint16(32, frame, true);
  view.setUint16(34, width * 8, true);
  tag(36, 'data');
  view.setUint32(40, body.length, true);
  bytes.set(body, 44);
  return bytes;
}

function fail(message: string): never {
  throw new UnrolledError('INVALID_FILE', `wav: ${message}`);
}
