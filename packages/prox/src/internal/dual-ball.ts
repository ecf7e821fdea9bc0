import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { indicator, leastPerExample } from './codes.ts';

/**
 * The largest s ∈ (0, 1] of every example with s·size ≤ w, entry by entry or group by group: `[batch]`. A weight of 0
 * beside a size above it gives 0.
 */
export const scaleIntoBall = (size: Tensor, w: Tensor): Tensor => {
  const excess = tf.relu(tf.sub(size, w));
  // w/size where it is exceeded, and (w + 1)/(w + 1) where it is not: no 0/0 where both are 0.
  const within = tf.sub(1, tf.step(excess));
  const numerator = tf.add(w, within);
  return leastPerExample(tf.div(numerator, tf.add(numerator, excess)));
};

/** 0 where size ≤ w, by at most 1e-5·(1 + w) more (float32 rounding), and +∞ elsewhere: `[batch]`. */
export const ballIndicator = (size: Tensor, w: Tensor): Tensor =>
  indicator(() => tf.div(tf.sub(size, w), tf.add(1, w)), 1e-5);
