import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { refuse, requireFloat, requirePositive, requireShape, UnrolledError } from '@unrolled/contracts';

/**
 * The weight of a prior: one number; one number an entry of the code's last axis (an atom); or a float32 tensor of any
 * shape that broadcasts to the code's.
 *
 * A number or an array becomes a tensor that the caller owns: `tf.dispose(prior.parameters)`. Its values are checked. A
 * tensor is used as it is and stays its maker's; its values are on the device and are not read.
 */
export type Weight = number | readonly number[] | Float32Array | Tensor;

/** What a weight's values must be. */
interface Domain {
  readonly expected: string;
  readonly holds: (value: number) => boolean;
}

export const nonNegative: Domain = {
  expected: 'numbers ≥ 0',
  holds: (value) => value >= 0 && Number.isFinite(value),
};
export const positive: Domain = {
  expected: 'numbers > 0',
  holds: (value) => value > 0 && Number.isFinite(value),
};
export const anyNumber: Domain = { expected: 'finite numbers', holds: Number.isFinite };
export const zeroOrOne: Domain = { expected: 'zeros and ones', holds: (value) => value === 0 || value === 1 };
export const extended: Domain = { expected: 'numbers, ±∞ included', holds: (value) => !Number.isNaN(value) };

/** The weight as a tensor: a scalar of a number, `[atoms]` of an array, a tensor as it is. */
export function weightTensor(name: string, weight: Weight, domain: Domain = nonNegative): Tensor {
  if (weight instanceof tf.Tensor) {
    requireFloat(name, weight);
    return weight;
  }
  if (typeof weight === 'number') return tf.scalar(checked(name, [weight], domain)[0]!);
  if (!Array.isArray(weight) && !(weight instanceof Float32Array)) {
    refuse(name, weight, 'a number, an array of numbers or a float32 tensor');
  }
  return tf.tensor1d(checked(name, weight, domain));
}

function checked(name: string, values: ArrayLike<number>, { expected, holds }: Domain): Float32Array {
  if (values.length === 0) refuse(name, [], `at least one of ${expected}`);
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!holds(value)) {
      throw new UnrolledError(
        Number.isFinite(value) ? 'INVALID_ARGUMENT' : 'NOT_FINITE',
        `${name}: expected ${expected}, got ${value} at index ${index}`,
      );
    }
  }
  return Float32Array.from(values);
}

/** A number > 0 as a scalar tensor that the caller owns; a scalar tensor as it is. */
export function positiveScalar(name: string, value: number | Tensor): Tensor {
  const scalar = value instanceof tf.Tensor ? value : tf.scalar(requirePositive(name, value));
  requireShape(name, scalar.shape, [], 'a scalar tensor');
  requireFloat(name, scalar);
  return scalar;
}
