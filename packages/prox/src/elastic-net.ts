import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Prior } from '@unrolled/contracts';
import { requireBroadcast, requireGradient } from './internal/codes.ts';
import { shrinkageOf } from './internal/shrinkage.ts';
import type { Weight } from './internal/weight.ts';
import { type L1Options, l1 } from './l1.ts';
import { ridgeNamed } from './ridge.ts';

/**
 * The elastic net, ℓ1 and ridge together: sparse, and strictly convex, so that correlated atoms share the work.
 *
 *     Φ(x) = Σ_j w_j |x_j| + ½ r_j x_j²,    prox(v, α) = sign(v) · max(|v| − α w, 0) / (1 + α r)
 *
 * With `nonNegative` x ≥ 0 and the numerator is max(v − αw, 0). See {@link l1} for weights that become negative in
 * training.
 *
 * @param weight w ≥ 0: a number, `[atoms]`, or a tensor that broadcasts to the code `[batch, …]`
 * @param ridge r ≥ 0, the same
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` for weights that are negative, empty or not finite; `UNKNOWN_OPTION`;
 *   `INVALID_SHAPE` in use where a weight does not broadcast to the code
 * @example
 * ```ts
 * const prior = elasticNet(0.5, 1);
 * const code = prior.prox(tf.tensor2d([[2.5, -0.3]]), 1); // [[1, 0]]
 * ```
 * @see Zou & Hastie, *Regularization and variable selection via the elastic net*, J. R. Stat. Soc. B 67 (2005),
 *   equation 3
 */
export function elasticNet(
  weight: Weight,
  ridge: Weight,
  options: L1Options = {},
): Prior<'weight' | 'ridge'> {
  const sparse = l1(weight, options);
  const smooth = ridgeNamed('ridge', ridge);
  return Object.freeze({
    name: 'elasticNet',
    convex: true,
    parameters: Object.freeze({ weight: sparse.parameters.weight, ridge: smooth.parameters.weight }),
    value: (x: Tensor) => tf.tidy(() => tf.add(sparse.value(x), smooth.value(x))),
    prox: (v: Tensor, step: number | Tensor) => tf.tidy(() => smooth.prox(sparse.prox(v, step), step)),
    ...(sparse.shrinkage &&
      smooth.shrinkage && {
        shrinkage: (step: number | Tensor) =>
          shrinkageOf(() => ({ ...sparse.shrinkage!(step), slope: smooth.shrinkage!(step).slope })),
      }),
    violation: (x: Tensor, gradient: Tensor) =>
      tf.tidy(() => {
        requireGradient(x, gradient);
        requireBroadcast('ridge', smooth.parameters.weight, x.shape);
        return sparse.violation!(x, tf.add(gradient, tf.mul(smooth.parameters.weight, x)));
      }),
    /** Σ S_w(c)² / 2r: the ridge's conjugate of what the ℓ1 ball leaves over. */
    conjugateValue: (c: Tensor) => tf.tidy(() => smooth.conjugateValue!(sparse.prox(c, 1))),
    with: (parameters: { readonly weight: Tensor; readonly ridge: Tensor }) =>
      elasticNet(parameters.weight, parameters.ridge, options),
  });
}
