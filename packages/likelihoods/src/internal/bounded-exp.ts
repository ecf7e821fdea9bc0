import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { defineKernel } from '@unrolled/backend';

/** No rate is larger: 1e9 counts in one entry. Sums of so many are far from where float32 ends, 3.4e38. */
export const LARGEST_RATE = 1e9;

const kernel = defineKernel<'x', { largest: number }>({
  name: 'UnrolledBoundedExp',
  // The minimum is taken inside: exp would overflow, and 0·∞ in its gradient is no number. It leaves NaN as it is.
  forward: ({ x }, { largest }) => tf.exp(tf.minimum(x, largest)),
  savesOutput: true,
  gradients: {
    x: ({ dy, inputs: { x }, output, attributes: { largest } }) =>
      tf.mul(dy, tf.mul(output, tf.sub(1, tf.step(tf.sub(x, largest))))),
  },
});

/** min(e^x, largest), which never overflows. Its derivative is e^x, and 0 beyond. */
export const boundedExp = (x: Tensor, largest: number): Tensor =>
  kernel({ x }, { largest: Math.log(largest) });

/**
 * The integral of `boundedExp`: e^x, continued beyond ln(largest) by its tangent, so that it is convex and has no bound.
 */
export const boundedExpIntegral = (x: Tensor, largest: number): Tensor =>
  tf.add(boundedExp(x, largest), tf.mul(largest, tf.relu(tf.sub(x, Math.log(largest)))));
