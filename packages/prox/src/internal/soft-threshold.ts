import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { defineKernel } from '@unrolled/backend';
import { nonZero, sign } from './signs.ts';

const kernel = defineKernel({
  name: 'UnrolledSoftThreshold',
  forward: ({ v, threshold }) => tf.mul(sign(v), tf.relu(tf.sub(tf.abs(v), threshold))),
  savesOutput: true,
  gradients: {
    v: ({ dy, output }) => tf.mul(dy, nonZero(output)),
    threshold: ({ dy, inputs, output }) =>
      sumToShape(tf.neg(tf.mul(dy, sign(output))), inputs.threshold.shape),
  },
});

/**
 * Two-sided shrinkage sign(v)·max(|v| − t, 0), the exact minimiser of t|x| + ½(x − v)², for a negative t as well
 * (where it expands and jumps at 0). One node of the tape: the derivative is 1 where the result is not 0, and 0
 * elsewhere, ties included.
 */
export const softThreshold = (v: Tensor, threshold: Tensor): Tensor => kernel({ v, threshold });

/** The gradient of a tensor of `shape` that was broadcast: the sum over the axes that it was spread over. */
function sumToShape(gradient: Tensor, shape: readonly number[]): Tensor {
  const missing = gradient.rank - shape.length;
  const spread = gradient.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < missing || shape[axis - missing] === 1);
  return tf.reshape(tf.sum(gradient, spread), [...shape]);
}
