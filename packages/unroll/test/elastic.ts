import * as tf from '@tensorflow/tfjs-core';
import type { Prior } from '@unrolled/contracts';

/** A prior that a stranger wrote, with two numbers that can be trained: Σ w x + ½ r x² for x ≥ 0, an elastic net. */
export function elastic(weight: tf.Tensor, ridge: tf.Tensor): Prior<'weight' | 'ridge'> {
  return {
    name: 'elastic',
    convex: true,
    parameters: { weight, ridge },
    value: (x) =>
      tf.tidy(() => tf.sum(tf.add(tf.mul(weight, x), tf.mul(tf.mul(0.5, ridge), tf.square(x))), [1, 2])),
    prox: (v, step) =>
      tf.tidy(() => tf.div(tf.relu(tf.sub(v, tf.mul(weight, step))), tf.add(1, tf.mul(ridge, step)))),
    with: (parameters) => elastic(parameters.weight, parameters.ridge),
  };
}
