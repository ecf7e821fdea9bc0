import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '@unrolled/contracts';

/** A float32 array with its shape, on the host. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Float32 rounding that any correct order of summation stays within, relative to the norms: 2⁻²⁴ times some 150. */
export const ROUNDING = 1e-5;

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Independent normal entries. */
export function normalValues(shape: readonly number[], random: Random, deviation = 1): HostTensor {
  return { shape, values: Float32Array.from({ length: sizeOf(shape) }, () => random.normal(0, deviation)) };
}

export function upload({ shape, values }: HostTensor): tf.Tensor {
  return tf.tensor(values.slice(), [...shape], 'float32');
}

export async function download(tensor: tf.Tensor): Promise<HostTensor> {
  return { shape: [...tensor.shape], values: Float32Array.from(await tensor.data()) };
}

/** Runs f on the device for its result alone: reads it, and leaves no tensor behind. */
export async function read(f: () => tf.Tensor): Promise<HostTensor> {
  const result = tf.tidy(() => tf.clone(f()));
  try {
    return await download(result);
  } finally {
    result.dispose();
  }
}

/** The entries of example `index` of a batch. */
export function example({ shape, values }: HostTensor, index: number): HostTensor {
  const [, ...rest] = shape;
  const size = sizeOf(rest);
  return { shape: [1, ...rest], values: values.slice(index * size, (index + 1) * size) };
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}

export function norm(a: ArrayLike<number>): number {
  return Math.sqrt(dot(a, a));
}

/** x + t·d, entry by entry, in float32. */
export function moved(x: HostTensor, direction: ArrayLike<number>, t: number): HostTensor {
  return { shape: x.shape, values: x.values.map((value, index) => value + t * direction[index]!) };
}

/** ‖a − b‖∞ relative to the larger of ‖a‖∞, ‖b‖∞; ∞ where one alone is not a number, or they differ in length. */
export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let distance = 0;
  let scale = 0;
  for (let index = 0; index < a.length; index++) {
    if (Object.is(a[index], b[index])) continue;
    const difference = Math.abs(a[index]! - b[index]!);
    if (!Number.isFinite(difference)) return Number.POSITIVE_INFINITY;
    distance = Math.max(distance, difference);
    scale = Math.max(scale, Math.abs(a[index]!), Math.abs(b[index]!));
  }
  return distance === 0 ? 0 : distance / scale;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
