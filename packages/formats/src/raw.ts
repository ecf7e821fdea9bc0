import { requireInteger, UnrolledError } from '@unrolled/contracts';
import { type NdArray, requireWhole } from './nd-array.ts';
import { bytesOf, decodeNumbers, dtypeOf, encodeNumbers, type StoredType } from './stored-numbers.ts';

/** How raw samples lie in a file that says nothing about itself. */
export interface RawLayout {
  readonly dtype: StoredType;
  /** Default 1. */
  readonly channels?: number;
  /** Default true. */
  readonly littleEndian?: boolean;
}

/** How many samples a channel there are in so many bytes; refuses what the channels do not divide. */
export function rawSamples(byteLength: number, { dtype, channels = 1 }: RawLayout): number {
  requireInteger('channels', channels);
  const frame = bytesOf(dtype) * channels;
  if (byteLength === 0) throw new UnrolledError('INVALID_FILE', 'raw: the file is empty');
  if (byteLength % frame !== 0) {
    throw new UnrolledError(
      'INVALID_FILE',
      `raw: expected a multiple of ${frame} bytes (${channels} channels of ${dtype}), found ${byteLength}`,
    );
  }
  return byteLength / frame;
}

/**
 * Reads raw interleaved samples as `[time, channels]`.
 *
 * @throws INVALID_FILE where the file is empty or the channels do not divide it
 * @example parseRaw(readFileSync('recording.dat'), { dtype: 'int16', channels: 4 })
 */
export function parseRaw(bytes: Uint8Array, layout: RawLayout): NdArray {
  const shape = Object.freeze([rawSamples(bytes.length, layout), layout.channels ?? 1]);
  const data = decodeNumbers(bytes, layout.dtype, layout.littleEndian);
  return Object.freeze({ data, shape, dtype: dtypeOf(layout.dtype) }) as NdArray;
}

/** The little-endian numbers of an array without any header. May share memory with the array. */
export function encodeRaw(array: NdArray): Uint8Array {
  requireWhole('array', array);
  return encodeNumbers(array);
}
