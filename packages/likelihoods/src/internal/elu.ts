import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { defineKernel } from '@unrolled/backend';

const kernel = defineKernel<'x', { bound: number }>({
  name: 'UnrolledElu',
  // min(x, 0) inside the exponential: where x is large the other branch would be ∞, and 0·∞ is no number.
  forward: ({ x }, { bound }) =>
    tf.add(tf.relu(x), tf.mul(bound, tf.sub(tf.exp(tf.neg(tf.relu(tf.neg(x)))), 1))),
  savesOutput: true,
  gradients: {
    x: ({ dy, inputs: { x }, output, attributes: { bound } }) => {
      const above = tf.step(x);
      return tf.mul(dy, tf.add(above, tf.mul(tf.sub(1, above), tf.add(output, bound))));
    },
  },
});

/**
 * The exponential linear unit x for x > 0, bound·(e^x − 1) for x ≤ 0: never below −bound. (tfjs's own has the bound 1.)
 * Its derivative is 1 above 0 and bound·e^x elsewhere, 0 included.
 *
 * @see Clevert, Unterthiner & Hochreiter, *Fast and accurate deep network learning by exponential linear units*, ICLR 2016,
 *   (15)
 */
export const elu = (x: Tensor, bound: number): Tensor => kernel({ x }, { bound });
