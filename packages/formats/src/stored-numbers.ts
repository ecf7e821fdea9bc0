import { UnrolledError } from '@unrolled/contracts';
import type { ArrayOf, DType, NdArray } from './nd-array.ts';

/** How numbers lie in a file: a number type, or one that JavaScript has no typed array for and that is widened. */
export type StoredType = DType | 'float16' | 'bfloat16' | 'int24';

/** The number type that a stored type becomes: float16 and bfloat16 are read as float32, int24 as int32, exactly. */
export function dtypeOf(stored: StoredType): DType {
  if (stored === 'float16' || stored === 'bfloat16') return 'float32';
  return stored === 'int24' ? 'int32' : stored;
}

interface Layout {
  readonly bytes: number;
  readonly array: new (buffer: ArrayBuffer) => ArrayOf[DType];
}

const layouts: { readonly [S in StoredType]: Layout } = {
  bool: { bytes: 1, array: Uint8Array },
  int8: { bytes: 1, array: Int8Array },
  uint8: { bytes: 1, array: Uint8Array },
  int16: { bytes: 2, array: Int16Array },
  uint16: { bytes: 2, array: Uint16Array },
  int32: { bytes: 4, array: Int32Array },
  uint32: { bytes: 4, array: Uint32Array },
  int64: { bytes: 8, array: BigInt64Array },
  uint64: { bytes: 8, array: BigUint64Array },
  float32: { bytes: 4, array: Float32Array },
  float64: { bytes: 8, array: Float64Array },
  float16: { bytes: 2, array: Uint16Array },
  bfloat16: { bytes: 2, array: Uint16Array },
  int24: { bytes: 3, array: Uint8Array },
};

const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Bytes of one number. */
export function bytesOf(stored: StoredType): number {
  return layouts[stored].bytes;
}

/**
 * Numbers out of the bytes of a file. A new array, whatever the alignment of the bytes.
 *
 * @param littleEndian the order of the bytes of one number in the file; default true
 * @throws where the bytes are no whole number of numbers
 */
export function decodeNumbers(bytes: Uint8Array, stored: StoredType, littleEndian = true): ArrayOf[DType] {
  const { bytes: width, array } = layouts[stored];
  if (bytes.length % width !== 0) {
    throw new UnrolledError(
      'INVALID_FILE',
      `expected a multiple of ${width} bytes (${stored}), found ${bytes.length}`,
    );
  }
  const copy = new Uint8Array(bytes);
  const wanted = stored === 'int24' ? true : hostIsLittleEndian;
  if (littleEndian !== wanted) reverseEach(copy, width);
  const numbers = new array(copy.buffer);
  if (stored === 'float16') return Float32Array.from(numbers as Uint16Array, halfToNumber);
  if (stored === 'bfloat16') return upperHalves(numbers as Uint16Array);
  if (stored === 'int24') return fromTriples(numbers as Uint8Array);
  return numbers;
}

/** The little-endian bytes of the numbers of an array. May share memory with it. */
export function encodeNumbers({ data }: NdArray): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (hostIsLittleEndian) return bytes;
  const copy = new Uint8Array(bytes);
  reverseEach(copy, data.BYTES_PER_ELEMENT);
  return copy;
}

/** Refuses data that are not as many bytes as their shape needs; says what of, and how many there should be. */
export function requireBytes(
  what: string,
  stored: StoredType,
  shape: readonly number[],
  found: number,
): void {
  const expected = shape.reduce((size, length) => size * length, bytesOf(stored));
  if (found !== expected) {
    const kind = found < expected ? 'truncated' : 'too long';
    throw new UnrolledError(
      'INVALID_FILE',
      `${what}: ${kind}, expected ${expected} bytes of ${stored} [${shape.join(', ')}], found ${found}`,
    );
  }
}

function reverseEach(bytes: Uint8Array, width: number): void {
  if (width === 1) return;
  for (let start = 0; start < bytes.length; start += width) bytes.subarray(start, start + width).reverse();
}

/** IEEE 754 binary16: 1 sign bit, 5 of exponent, 10 of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of a float32. */
function upperHalves(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}

function fromTriples(bytes: Uint8Array): Int32Array {
  const numbers = new Int32Array(bytes.length / 3);
  for (let index = 0; index < numbers.length; index++) {
    const at = 3 * index;
    // Shifted up to the sign bit and back, which extends the sign.
    numbers[index] = ((bytes[at]! << 8) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 24)) >> 8;
  }
  return numbers;
}
