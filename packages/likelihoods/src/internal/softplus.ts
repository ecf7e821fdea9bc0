import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { defineKernel } from '@unrolled/backend';

const kernel = defineKernel<'x'>({
  name: 'UnrolledSoftplus',
  forward: ({ x }) => tf.add(tf.relu(x), log1p(tf.exp(tf.neg(tf.abs(x))))),
  gradients: { x: ({ dy, inputs: { x } }) => tf.mul(dy, tf.sigmoid(x)) },
});

/**
 * log(1 + e^x) = max(x, 0) + log(1 + e^−|x|): no overflow for large x, and for very negative x the e^x that it is there, to
 * float32's seven digits, where tfjs's own has lost them all. Its derivative is the sigmoid.
 */
export const softplus = (x: Tensor): Tensor => kernel({ x });

/**
 * log(1 + t) for t ≥ 0. That of the wasm backend forms 1 + t, and loses what t is beside 1; what the sum has in place of t, and
 * what its logarithm is in place of it, are in one ratio.
 *
 * @see Higham, *Accuracy and stability of numerical algorithms* (2002), section 1.14.1
 */
function log1p(t: Tensor): Tensor {
  const sum = tf.add(1, t);
  const seen = tf.sub(sum, 1);
  const none = tf.sub(1, tf.step(seen));
  return tf.mul(t, tf.div(tf.add(tf.log(sum), none), tf.add(seen, none)));
}
