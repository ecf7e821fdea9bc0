import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { defineKernel } from '@unrolled/backend';

const kernel = defineKernel<'x', { bound: number }>({
  name: 'UnrolledElu',
  // tfjs's ELU of min(x, 0) is e^x − 1, without its cancellation and ten times as fast as exp on wasm.
  forward: ({ x }, { bound }) => tf.add(tf.relu(x), tf.mul(bound, tf.elu(tf.neg(tf.relu(tf.neg(x)))))),
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
