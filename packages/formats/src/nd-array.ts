import { refuse, requireInteger, UnrolledError } from '@unrolled/contracts';

/** The typed array that holds the numbers of each type. A bool is a byte, 0 or 1. */
export interface ArrayOf {
  readonly bool: Uint8Array;
  readonly int8: Int8Array;
  readonly uint8: Uint8Array;
  readonly int16: Int16Array;
  readonly uint16: Uint16Array;
  readonly int32: Int32Array;
  readonly uint32: Uint32Array;
  readonly int64: BigInt64Array;
  readonly uint64: BigUint64Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

/** A number type, by its NumPy name. */
export type DType = keyof ArrayOf;

/**
 * An n-dimensional array as plain data, in C order: the last axis is the fastest.
 *
 * The type is a union that `dtype` tells apart: where `array.dtype === 'float32'`, `array.data` is a `Float32Array`.
 */
export type NdArray<D extends DType = DType> = {
  readonly [K in D]: {
    readonly data: ArrayOf[K];
    readonly shape: readonly number[];
    readonly dtype: K;
  };
}[D];

type Dtyped<A> = { [K in DType]: A extends ArrayOf[K] ? K : never }[DType];

const dtypes: ReadonlyMap<unknown, DType> = new Map<unknown, DType>([
  [Int8Array, 'int8'],
  [Uint8Array, 'uint8'],
  [Int16Array, 'int16'],
  [Uint16Array, 'uint16'],
  [Int32Array, 'int32'],
  [Uint32Array, 'uint32'],
  [BigInt64Array, 'int64'],
  [BigUint64Array, 'uint64'],
  [Float32Array, 'float32'],
  [Float64Array, 'float64'],
]);

/**
 * A typed array with a shape. The data are kept, not copied; the number type is that of the typed array.
 *
 * @param shape default: one axis
 * @throws where the shape does not hold as many numbers as the data
 * @example ndArray(new Float32Array(6), [2, 3]) // { data, shape: [2, 3], dtype: 'float32' }
 */
export function ndArray<A extends ArrayOf[DType]>(
  data: A,
  shape: readonly number[] = [data.length],
): NdArray<Exclude<Dtyped<A>, 'bool'>> {
  const dtype = dtypes.get(data?.constructor) ?? refuse('data', data, 'a typed array');
  const array = Object.freeze({ data, shape: Object.freeze([...shape]), dtype });
  requireWhole('data', array);
  return array as unknown as NdArray<Exclude<Dtyped<A>, 'bool'>>;
}

/** How many numbers an array of this shape holds; 1 for the shape [] of a scalar. */
function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * requireInteger('shape', length, 0), 1);
}

/** Refuses an array whose data do not fill its shape. */
export function requireWhole(
  name: string,
  array: { readonly data: { readonly length: number }; readonly shape: readonly number[] },
): void {
  const size = sizeOf(array.shape);
  if (array.data.length !== size) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `${name}: expected ${size} numbers for shape [${array.shape.join(', ')}], got ${array.data.length}`,
    );
  }
}

/**
 * The axes in another order: axis i of the result is axis `axes[i]` of the array. A new array.
 *
 * @example transpose(templates, [1, 2, 0]) // [units, time, channels] → filters [time, channels, units]
 */
export function transpose<D extends DType>(array: NdArray<D>, axes: readonly number[]): NdArray<D> {
  const { data, shape, dtype } = array as NdArray<'float64'>;
  requireWhole('array', array);
  const rank = shape.length;
  if (axes.length !== rank || [...axes].sort((a, b) => a - b).some((axis, index) => axis !== index)) {
    refuse('axes', axes, `an order of the ${rank} axes of the array`);
  }
  const strides = new Array<number>(rank).fill(1);
  for (let axis = rank - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  const newShape = axes.map((axis) => shape[axis]!);
  const newStrides = axes.map((axis) => strides[axis]!);

  const result = new (data.constructor as new (length: number) => typeof data)(data.length);
  const index = new Array<number>(rank).fill(0);
  for (let target = 0, source = 0; target < result.length; target++) {
    result[target] = data[source]!;
    // Count up like an odometer: the last axis first, carrying over.
    for (let axis = rank - 1; axis >= 0; axis--) {
      source += newStrides[axis]!;
      if (++index[axis]! < newShape[axis]!) break;
      source -= newStrides[axis]! * newShape[axis]!;
      index[axis] = 0;
    }
  }
  return Object.freeze({ data: result, shape: Object.freeze(newShape), dtype }) as unknown as NdArray<D>;
}
