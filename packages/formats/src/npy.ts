import { type DType, type NdArray, requireWhole, transpose } from './nd-array.ts';
import { parseNpyHeader } from './npy-header.ts';
import { decodeNumbers, dtypeOf, encodeNumbers, requireBytes } from './stored-numbers.ts';

/**
 * Reads a `.npy` file: any byte order, C or Fortran order (the result is in C order), bool, int8 to int64, uint8 to uint64,
 * float16 (widened to float32), float32 and float64.
 *
 * @throws INVALID_FILE where the file is empty, no npy file, truncated or too long (expected and found bytes are named);
 *   INVALID_DTYPE for object, complex, text, dates and records
 * @example const { data, shape, dtype } = parseNpy(readFileSync('templates.npy'));
 */
export function parseNpy(bytes: Uint8Array): NdArray {
  const header = parseNpyHeader(bytes);
  const body = bytes.subarray(header.byteOffset);
  requireBytes('npy', header.dtype, header.shape, body.length);
  const array = (shape: readonly number[]): NdArray =>
    Object.freeze({
      data: decodeNumbers(body, header.dtype, header.littleEndian),
      shape,
      dtype: dtypeOf(header.dtype),
    }) as NdArray;
  if (!header.fortranOrder) return array(header.shape);
  // Fortran order is C order of the reversed axes.
  const reversed = array([...header.shape].reverse());
  return transpose(reversed, header.shape.map((_, axis) => axis).reverse());
}

const descrs = {
  bool: '|b1',
  int8: '|i1',
  uint8: '|u1',
  int16: '<i2',
  uint16: '<u2',
  int32: '<i4',
  uint32: '<u4',
  int64: '<i8',
  uint64: '<u8',
  float32: '<f4',
  float64: '<f8',
} as const;

/**
 * The header of a `.npy` file, for writing the numbers behind it piece by piece: format 1.0, little-endian, C order, of a
 * length that aligns them to 64 bytes.
 *
 * @example file.write(encodeNpyHeader('float32', [samples, channels]));
 */
export function encodeNpyHeader(dtype: DType, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '${descrs[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = 10;
  const byteOffset = Math.ceil((start + dictionary.length + 1) / 64) * 64;
  const bytes = new Uint8Array(byteOffset);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, byteOffset - start, true);
  bytes.set(new TextEncoder().encode(`${dictionary.padEnd(byteOffset - start - 1)}\n`), start);
  return bytes;
}

/**
 * Writes a `.npy` file: format 1.0, little-endian, C order, the numbers aligned to 64 bytes.
 *
 * @example writeFileSync('spike_times.npy', encodeNpy(ndArray(BigInt64Array.of(12n, 804n))));
 */
export function encodeNpy(array: NdArray): Uint8Array {
  requireWhole('array', array);
  const header = encodeNpyHeader(array.dtype, array.shape);
  const body = encodeNumbers(array);
  const bytes = new Uint8Array(header.length + body.length);
  bytes.set(header);
  bytes.set(body, header.length);
  return bytes;
}
