import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '@unrolled/contracts';
import type { Recipe } from './plan.ts';

/** Random normal filters of unit norm, as in the paper. `[side, side, 1, atoms]`; the caller's. */
export function firstFilters({ side, atoms }: Recipe, random: Random): Tensor {
  const values = Float32Array.from({ length: side * side * atoms }, () => random.normal());
  return tf.tidy(() => {
    const filters = tf.tensor4d(values, [side, side, 1, atoms]);
    return tf.div(filters, tf.sqrt(tf.sum(tf.square(filters), [0, 1, 2])));
  });
}
