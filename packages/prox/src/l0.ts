import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Prior } from '@unrolled/contracts';
import { perExample, requireBroadcast, requireCode, requireStep } from './internal/codes.ts';
import { nonZero } from './internal/signs.ts';
import { type Weight, weightTensor } from './internal/weight.ts';

/**
 * The ℓ0 penalty, a price for every entry that is not 0. Not convex: its prox is *a* minimiser, the hard threshold
 *
 *     Φ(x) = Σ_j w_j [x_j ≠ 0],    prox(v, α) = v where |v| > √(2 α w), else 0
 *
 * (at |v| = √(2αw) both v and 0 are minimisers: 0 is taken). As an activation: "HT", which does not shrink what it
 * keeps. Its gradient in v is 1 or 0, and nothing reaches the weight: the threshold moves no entry, it only jumps, so
 * that a weight is chosen, not trained.
 *
 * @param weight w ≥ 0: a number, `[atoms]`, or a tensor that broadcasts to the code `[batch, …]`
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` for a weight that is negative, empty or not finite; `INVALID_SHAPE` in use
 *   where the weight does not broadcast to the code
 * @example
 * ```ts
 * const prior = l0(0.5); // threshold √(2 · 0.5 · 1) = 1
 * const code = prior.prox(tf.tensor2d([[2, -0.9, 1]]), 1); // [[2, 0, 0]]
 * ```
 * @see Blumensath & Davies, *Iterative thresholding for sparse approximations*, J. Fourier Anal. Appl. 14 (2008),
 *   section 2
 */
export function l0(weight: Weight): Prior<'weight'> {
  const w = weightTensor('weight', weight);
  return Object.freeze({
    name: 'l0',
    convex: false,
    parameters: Object.freeze({ weight: w }),
    value: (x: Tensor) =>
      tf.tidy(() => {
        requireBroadcast('weight', w, requireCode('x', x).shape);
        return perExample(tf.mul(w, nonZero(x)));
      }),
    prox: (v: Tensor, step: number | Tensor) =>
      tf.tidy(() => {
        const squared = tf.mul(2, tf.mul(w, requireStep(step)));
        requireBroadcast('weight', squared, requireCode('v', v).shape);
        // Squares are compared: a square root has no finite derivative at a weight of 0. `step` has derivative 0.
        return tf.mul(v, tf.step(tf.sub(tf.square(v), squared)));
      }),
    with: (parameters: { readonly weight: Tensor }) => l0(parameters.weight),
  });
}
