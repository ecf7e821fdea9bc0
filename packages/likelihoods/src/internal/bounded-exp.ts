import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { defineKernel } from '@unrolled/backend';

/** No rate is larger: 1e9 counts in one entry. Sums of so many are far from where float32 ends, 3.4e38. */
export const LARGEST_RATE = 1e9;

/** A bound that acts nowhere: e^x is 0 long before. */
const LEAST = -1e30;

const kernel = defineKernel<'x', { largest: number }>({
  name: 'UnrolledBoundedExp',
  // The bound is inside: exp would overflow, and 0·∞ in the gradient is no number. `minimum` takes half as long as exp on wasm;
  // `clipByValue` takes no time, but makes a number of NaN, which 0·x brings back.
  forward: ({ x }, { largest }) => tf.exp(tf.add(tf.clipByValue(x, LEAST, largest), tf.mul(0, x))),
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
