import { refuse, UnrolledError } from '@unrolled/contracts';
import { gunzip, isGzip } from './gzip.ts';
import { type NdArray, requireWhole } from './nd-array.ts';
import { decodeNumbers, encodeNumbers, requireBytes, type StoredType } from './stored-numbers.ts';

/** The third byte of an idx file says what its numbers are. */
const types = { uint8: 0x08, int8: 0x09, int16: 0x0b, int32: 0x0c, float32: 0x0d, float64: 0x0e } as const;

/**
 * Reads an `.idx` file, the format of MNIST: two zero bytes, a type, the number of axes, the length of each, and the numbers,
 * big-endian. A gzipped one (`.idx.gz`) is unpacked first.
 *
 * @throws INVALID_FILE where the file is empty, no idx file, damaged, truncated or too long (expected and found bytes are
 *   named); INVALID_DTYPE for an unknown type of numbers
 * @see http://yann.lecun.com/exdb/mnist
 * @example const { data, shape } = parseIdx(readFileSync('train-images-idx3-ubyte.gz')); // uint8 [60000, 28, 28]
 */
export function parseIdx(bytes: Uint8Array): NdArray {
  if (bytes.length === 0) fail('the file is empty');
  const file = isGzip(bytes) ? gunzip('idx', bytes) : bytes;
  if (file.length < 4) fail(`truncated in the header, ${file.length} bytes`);
  const [zero, zeroToo, code, rank] = file as unknown as [number, number, number, number];
  if (zero !== 0 || zeroToo !== 0) fail('not an idx file (it does not start with two zero bytes)');
  const found = Object.entries(types).find(([, type]) => type === code);
  if (!found) {
    throw new UnrolledError(
      'INVALID_DTYPE',
      `idx: expected a type of numbers among 8, 9, 11, 12, 13, 14, found ${code}`,
    );
  }
  const byteOffset = 4 + 4 * rank;
  if (file.length < byteOffset) {
    fail(`truncated in the header, expected ${byteOffset} bytes for ${rank} axes, found ${file.length}`);
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const shape = Object.freeze(Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis)));
  const dtype = found[0] as StoredType & NdArray['dtype'];
  const body = file.subarray(byteOffset);
  requireBytes('idx', dtype, shape, body.length);
  return Object.freeze({ data: decodeNumbers(body, dtype, false), shape, dtype }) as NdArray;
}

/**
 * Writes an `.idx` file, not compressed: uint8, int8, int16, int32, float32 or float64, of at most 255 axes.
 *
 * @throws INVALID_ARGUMENT for a type of numbers or a length of an axis that the format does not have
 * @example writeFileSync('labels-idx1-ubyte', encodeIdx(ndArray(Uint8Array.of(5, 0, 4))));
 */
export function encodeIdx(array: NdArray): Uint8Array {
  requireWhole('array', array);
  const { dtype, shape } = array;
  const code =
    types[dtype as keyof typeof types] ?? refuse('array.dtype', dtype, `one of ${Object.keys(types)}`);
  if (shape.length > 255) refuse('array.shape', shape, 'at most 255 axes');
  for (const length of shape)
    if (length >= 2 ** 32) refuse('array.shape', shape, 'axes shorter than 2³² each');
  const byteOffset = 4 + 4 * shape.length;
  const body = new Uint8Array(encodeNumbers(array));
  const width = array.data.BYTES_PER_ELEMENT;
  for (let start = 0; width > 1 && start < body.length; start += width) {
    body.subarray(start, start + width).reverse();
  }
  const bytes = new Uint8Array(byteOffset + body.length);
  bytes.set([0, 0, code, shape.length]);
  const view = new DataView(bytes.buffer);
  shape.forEach((length, axis) => {
    view.setUint32(4 + 4 * axis, length);
  });
  bytes.set(body, byteOffset);
  return bytes;
}

function fail(message: string): never {
  throw new UnrolledError('INVALID_FILE', `idx: ${message}`);
}
