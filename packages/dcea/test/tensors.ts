import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';

/** Normal noise of this shape, the same for a seed. */
export function normal(shape: readonly number[], seed: number, deviation = 1): tf.Tensor {
  const draw = random(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => draw.normal(0, deviation)),
    [...shape],
  );
}

/** Poisson counts of one mean. */
export function counts(shape: readonly number[], seed: number, mean: number): tf.Tensor {
  const draw = random(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => draw.poisson(mean)),
    [...shape],
  );
}

/** The largest difference, beside the largest number. */
export function apart(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [difference, largest] = [0, 0];
  for (let index = 0; index < expected.length; index++) {
    difference = Math.max(difference, Math.abs(actual[index]! - expected[index]!));
    largest = Math.max(largest, Math.abs(expected[index]!));
  }
  return actual.length === expected.length ? difference / largest : Number.POSITIVE_INFINITY;
}
