import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Prior } from '@unrolled/contracts';
import { perExample, requireBroadcast, requireCode, requireGradient, requireStep } from './internal/codes.ts';
import { negativePart } from './internal/signs.ts';
import { positive as aboveZero, type Weight, weightTensor } from './internal/weight.ts';

/**
 * Two half Gaussians of deviations s₊ and s₋, joined at 0:
 *
 *     Φ(x) = Σ_j x_j² / (2 s₊²) for x_j ≥ 0,  x_j² / (2 s₋²) for x_j < 0
 *     prox(v, α) = c(s₊) v for v ≥ 0,  c(s₋) v for v < 0,    c(s) = s² / (s² + α)
 *
 * As an activation: the leaky ReLU. At v = 0 the gradient is that of the negative side.
 *
 * @param positive s₊ > 0: a number, `[atoms]`, or a tensor that broadcasts to the code `[batch, …]`
 * @param negative s₋ > 0, the same
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` for deviations that are not > 0, empty or not finite; `INVALID_SHAPE` in
 *   use where one does not broadcast to the code
 * @example
 * ```ts
 * const prior = twoSidedGaussian(1, 0.5);
 * const code = prior.prox(tf.tensor2d([[2, -2]]), 1); // [[1, −0.4]]
 * ```
 */
export function twoSidedGaussian(positive: Weight, negative: Weight): Prior<'positive' | 'negative'> {
  const above = weightTensor('positive', positive, aboveZero);
  const below = weightTensor('negative', negative, aboveZero);
  /** The precision 1/s² of the side that each entry is on, times the entry. */
  const slope = (x: Tensor): Tensor =>
    tf.add(tf.div(tf.relu(x), tf.square(above)), tf.div(negativePart(x), tf.square(below)));
  const requireFitting = (name: string, code: Tensor): void => {
    requireBroadcast('positive', above, requireCode(name, code).shape);
    requireBroadcast('negative', below, code.shape);
  };
  return Object.freeze({
    name: 'twoSidedGaussian',
    convex: true,
    parameters: Object.freeze({ positive: above, negative: below }),
    value: (x: Tensor) =>
      tf.tidy(() => {
        requireFitting('x', x);
        return tf.mul(0.5, perExample(tf.mul(x, slope(x))));
      }),
    prox: (v: Tensor, step: number | Tensor) =>
      tf.tidy(() => {
        requireFitting('v', v);
        requireStep(step);
        const shrunk = (side: Tensor, deviation: Tensor): Tensor => {
          const variance = tf.square(deviation);
          return tf.mul(side, tf.div(variance, tf.add(variance, step)));
        };
        return tf.add(shrunk(tf.relu(v), above), shrunk(negativePart(v), below));
      }),
    violation: (x: Tensor, gradient: Tensor) =>
      tf.tidy(() => {
        requireGradient(x, gradient);
        requireFitting('x', x);
        return tf.abs(tf.add(gradient, slope(x)));
      }),
    /** Σ ½ s₊² c² for c ≥ 0, ½ s₋² c² for c < 0. */
    conjugateValue: (c: Tensor) =>
      tf.tidy(() => {
        requireFitting('c', c);
        const sides = tf.add(tf.mul(tf.relu(c), above), tf.mul(negativePart(c), below));
        return tf.mul(0.5, perExample(tf.square(sides)));
      }),
    with: (parameters: { readonly positive: Tensor; readonly negative: Tensor }) =>
      twoSidedGaussian(parameters.positive, parameters.negative),
  });
}
