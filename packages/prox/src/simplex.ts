import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { simplexProjection } from '@unrolled/backend';
import type { Prior } from '@unrolled/contracts';
import { indicator, perExample, requireCode, requireGradient, requireStep } from './internal/codes.ts';

/**
 * The indicator of the probability simplex, for every row along the last axis: x ≥ 0, Σ_j x_j = 1.
 *
 *     Φ(x) = 0 inside, +∞ outside,    prox(v, α) = max(v − θ(v), 0), whatever α
 *
 * θ(v) follows from the sorted entries u: θ = (u_1 + … + u_k − 1)/k for the largest k with u_k > (u_1 + … + u_k −
 * 1)/k. As an activation: a ReLU whose bias depends on the data. Its gradient is exact, the Jacobian I_S − 11ᵀ/|S| on
 * the active set S.
 *
 * `value` takes a row for inside whose entries are ≥ −1e-6 and sum to 1 within 1e-5: float32 rounding.
 *
 * @throws `INVALID_SHAPE`, `INVALID_DTYPE` in use
 * @example
 * ```ts
 * const prior = simplex();
 * const code = prior.prox(tf.tensor2d([[0.5, 1.5, -1]]), 1); // [[0, 1, 0]]
 * ```
 * @see Duchi et al., *Efficient projections onto the ℓ1-ball for learning in high dimensions*, ICML 2008, figure 1;
 *   Tasissa, Tankala, Murphy & Ba, *K-deep simplex*, IEEE TSP 71 (2023), for the network
 */
export function simplex(): Prior<never> {
  return prior;
}

const prior: Prior<never> = Object.freeze({
  name: 'simplex',
  convex: true,
  parameters: Object.freeze({}),
  value: (x: Tensor) =>
    tf.tidy(() => {
      const rows = asRows(requireCode('x', x));
      return indicator(() => {
        const total = tf.abs(tf.sub(tf.sum(rows, -1), 1));
        const negative = tf.mul(10, tf.max(tf.neg(rows), -1));
        return tf.maximum(total, negative);
      }, 1e-5);
    }),
  prox: (v: Tensor, step: number | Tensor) => {
    requireStep(step);
    return simplexProjection(requireCode('v', v));
  },
  /** −gradient against ν on the support, (−∞, ν] off it, ν being the mean of −gradient over the support. */
  violation: (x: Tensor, gradient: Tensor) =>
    tf.tidy(() => {
      requireGradient(x, gradient);
      const support = tf.step(x);
      const count = tf.maximum(tf.sum(support, -1, true), 1);
      const mean = tf.div(tf.sum(tf.mul(gradient, support), -1, true), count);
      const excess = tf.sub(gradient, mean);
      return tf.add(tf.relu(tf.neg(excess)), tf.mul(support, tf.relu(excess)));
    }),
  /** The sum over rows of max_j c_j. */
  conjugateValue: (c: Tensor) => tf.tidy(() => perExample(tf.max(asRows(requireCode('c', c)), -1))),
  with: () => prior,
});

/** `[batch, …, atoms]` → `[batch, rows, atoms]`. */
const asRows = (x: Tensor): Tensor => tf.reshape(x, [x.shape[0]!, -1, x.shape.at(-1)!]);
