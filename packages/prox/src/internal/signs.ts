import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

// tfjs's wasm kernels of sign, maximum, minimum and where take 7 to 13 ms for half a million numbers; step, ReLU, abs
// and arithmetic take 0.1 to 0.3. A prox runs in every layer, so it is made of the latter.

/** sign(x), with derivative 0. */
export const sign = (x: Tensor): Tensor => tf.sub(tf.step(x), tf.step(tf.neg(x)));

/** 1 where x ≠ 0, else 0, with derivative 0. */
export const nonZero = (x: Tensor): Tensor => tf.step(tf.abs(x));

/** |x| with derivative 0 at 0, where codes mostly are: that of tfjs's `abs` is −1 there. */
export const magnitude = (x: Tensor): Tensor => tf.add(tf.relu(x), tf.relu(tf.neg(x)));

/** min(x, 0), with derivative 1 at 0. */
export const negativePart = (x: Tensor): Tensor => tf.sub(x, tf.relu(x));
