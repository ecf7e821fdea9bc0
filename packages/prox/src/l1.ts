import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Prior, requireKnownOptions } from '@unrolled/contracts';
import {
  nonNegativeIndicator,
  perExample,
  requireBroadcast,
  requireCode,
  requireGradient,
  requireStep,
} from './internal/codes.ts';
import { ballIndicator, scaleIntoBall } from './internal/dual-ball.ts';
import { isRow, shrinkageOf } from './internal/shrinkage.ts';
import { magnitude, nonZero, sign } from './internal/signs.ts';
import { softThreshold } from './internal/soft-threshold.ts';
import { type Weight, weightTensor } from './internal/weight.ts';

/** Options of {@link l1}. */
export interface L1Options {
  /** Codes are ≥ 0: the prox is then the one-sided shrinkage, a ReLU with bias. Default false. */
  readonly nonNegative?: boolean;
}

/**
 * The ℓ1 penalty of the lasso, a Laplace prior (one-sided: exponential) of rate weight/σ²:
 *
 *     Φ(x) = Σ_j w_j |x_j|                      prox(v, α) = sign(v) · max(|v| − α w, 0)
 *     Φ(x) = Σ_j w_j x_j, x ≥ 0 (nonNegative)   prox(v, α) = max(v − α w, 0)
 *
 * As an activation: the two-sided ReLU (soft threshold); with `nonNegative` the ReLU of bias −αw.
 *
 * **Negative weights.** A weight that is trained can become negative, which nothing here prevents: put a constraint
 * beside it. The prox then still minimises its objective, but it is expansive: the one-sided form maps 0 to −αw > 0, so
 * that a unit is always on; the two-sided form jumps from αw to −αw at 0 (and gives 0 at 0).
 *
 * @param weight w ≥ 0: a number, `[atoms]`, or a tensor that broadcasts to the code `[batch, …]`. A weight for every
 *   entry is `[time, atoms]`, say
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` for a weight that is negative, empty or not finite; `UNKNOWN_OPTION`;
 *   `INVALID_SHAPE` in use where the weight does not broadcast to the code
 * @example
 * ```ts
 * const prior = l1(0.5);
 * const sparse = prior.prox(tf.tensor2d([[2, -0.3, -1]]), 1); // [[1.5, 0, −0.5]]
 * ```
 * @see Daubechies, Defrise & De Mol, *An iterative thresholding algorithm for linear inverse problems with a sparsity
 *   constraint*, Comm. Pure Appl. Math. 57 (2004), section 2
 */
export function l1(weight: Weight, options: L1Options = {}): Prior<'weight'> {
  requireKnownOptions('l1', options, ['nonNegative']);
  const { nonNegative = false } = options;
  const w = weightTensor('weight', weight);
  const sides = nonNegative ? oneSided : twoSided;
  return Object.freeze({
    name: 'l1',
    convex: true,
    parameters: Object.freeze({ weight: w }),
    value: (x: Tensor) =>
      tf.tidy(() => {
        requireBroadcast('weight', w, requireCode('x', x).shape);
        return sides.value(x, w);
      }),
    prox: (v: Tensor, step: number | Tensor) =>
      tf.tidy(() => {
        const threshold = tf.mul(w, requireStep(step));
        requireBroadcast('weight', threshold, requireCode('v', v).shape);
        return sides.prox(v, threshold);
      }),
    ...(isRow(w) && {
      shrinkage: (step: number | Tensor) =>
        shrinkageOf(() => {
          const threshold = tf.mul(w, requireStep(step));
          const below = nonNegative ? tf.scalar(Number.POSITIVE_INFINITY) : tf.clone(threshold);
          return { below, above: threshold, slope: tf.scalar(1) };
        }),
    }),
    violation: (x: Tensor, gradient: Tensor) =>
      tf.tidy(() => {
        requireGradient(x, gradient);
        requireBroadcast('weight', w, x.shape);
        return sides.violation(x, gradient, w);
      }),
    dualScale: (c: Tensor) =>
      tf.tidy(() => {
        requireBroadcast('weight', w, requireCode('c', c).shape);
        return scaleIntoBall(sides.size(c), w);
      }),
    /** 0 where |c| ≤ w (c ≤ w), by at most 1e-5·(1 + w) more, and +∞ elsewhere. */
    conjugateValue: (c: Tensor) =>
      tf.tidy(() => {
        requireBroadcast('weight', w, requireCode('c', c).shape);
        return ballIndicator(sides.size(c), w);
      }),
    with: (parameters: { readonly weight: Tensor }) => l1(parameters.weight, options),
  });
}

const twoSided = {
  value: (x: Tensor, w: Tensor) => perExample(tf.mul(w, magnitude(x))),
  prox: softThreshold,
  /** −gradient against w·sign(x) where x ≠ 0, against [−w, w] where x = 0. */
  violation: (x: Tensor, gradient: Tensor, w: Tensor) => {
    const distance = tf.abs(tf.add(gradient, tf.mul(w, sign(x))));
    return tf.relu(tf.sub(distance, tf.mul(w, tf.sub(1, nonZero(x)))));
  },
  size: (c: Tensor) => tf.abs(c),
};

const oneSided = {
  value: (x: Tensor, w: Tensor) => tf.add(perExample(tf.mul(w, x)), nonNegativeIndicator(x)),
  prox: (v: Tensor, threshold: Tensor) => tf.relu(tf.sub(v, threshold)),
  /** −gradient against w where x > 0, against (−∞, w] where x = 0; where x < 0, at least the distance to 0. */
  violation: (x: Tensor, gradient: Tensor, w: Tensor) => {
    const excess = tf.add(gradient, w);
    const atZero = tf.add(tf.relu(tf.neg(excess)), tf.relu(tf.neg(x)));
    return tf.add(atZero, tf.mul(tf.step(x), tf.relu(excess)));
  },
  size: (c: Tensor) => tf.relu(c),
};
