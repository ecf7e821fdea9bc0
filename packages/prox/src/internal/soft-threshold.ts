import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Two-sided shrinkage sign(v)·max(|v| − t, 0), the exact minimiser of t|x| + ½(x − v)², for a negative t as well (where
 * it expands and jumps at 0).
 */
export const softThreshold = (v: Tensor, threshold: Tensor): Tensor =>
  tf.mul(tf.sign(v), tf.relu(tf.sub(tf.abs(v), threshold)));
