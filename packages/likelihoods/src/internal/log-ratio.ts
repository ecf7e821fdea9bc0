import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** Below e^−50 a mean counts as this in a quotient; what is missing is added to the logarithm. */
const LEAST = -50;

/**
 * y·(log y − log μ) for μ = min(e^η, largest) and y ≥ 0, which is 0 at y = 0: exactly 0 where y = μ, for it is the quotient that the
 * logarithm is taken of.
 */
export function logRatio(y: Tensor, eta: Tensor, mean: Tensor): Tensor {
  const missing = tf.relu(tf.sub(LEAST, eta));
  // 1 in place of 0: its logarithm is multiplied by 0.
  const safe = tf.add(y, tf.sub(1, tf.step(y)));
  return tf.mul(y, tf.add(tf.log(tf.div(safe, tf.maximum(mean, Math.exp(LEAST)))), missing));
}
