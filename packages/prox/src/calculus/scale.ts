import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Named, Operator, Prior } from '@unrolled/contracts';
import { requireStep } from '../internal/codes.ts';
import { madeFrom, rebuilt, requirePrior } from '../internal/parts.ts';
import { shrinkageOf } from '../internal/shrinkage.ts';
import { positiveScalar } from '../internal/weight.ts';

/**
 * A prior times a number: c Φ, whose prox is that of Φ with c times the step.
 *
 *     prox_{cΦ}(v, α) = prox_Φ(v, c α),    (cΦ)*(y) = c Φ*(y / c)
 *
 * A decaying weight is this with another c each layer. Of an indicator nothing changes.
 *
 * @param prior Φ
 * @param factor c: a number > 0, which becomes a scalar tensor `factor` that the caller owns, or a scalar tensor > 0
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` for a number that is not > 0 and finite; `INVALID_SHAPE` for a tensor
 *   that is not a scalar
 * @example
 * ```ts
 * const prior = scale(l1(1), 0.5); // l1(0.5); parameters: factor, prior.weight
 * ```
 */
export function scale<N extends string>(
  prior: Prior<N>,
  factor: number | Tensor,
): Prior<'factor' | `prior.${N}`> {
  requirePrior('prior', prior);
  const c = positiveScalar('factor', factor);
  return Object.freeze({
    name: 'scale',
    convex: prior.convex,
    parameters: madeFrom(prior, { factor: c }),
    value: (x: Tensor) => tf.tidy(() => tf.mul(c, prior.value(x))),
    prox: (v: Tensor, step: number | Tensor) => tf.tidy(() => prior.prox(v, tf.mul(c, requireStep(step)))),
    ...(prior.shrinkage && {
      shrinkage: (step: number | Tensor) => shrinkageOf(() => prior.shrinkage!(tf.mul(c, requireStep(step)))),
    }),
    ...(prior.bind && {
      bind: (y: Tensor, operator: Operator) => scale(prior.bind!(y, operator), c),
    }),
    ...(prior.violation && {
      violation: (x: Tensor, gradient: Tensor) =>
        tf.tidy(() => tf.mul(c, prior.violation!(x, tf.div(gradient, c)))),
    }),
    ...(prior.dualScale && { dualScale: (y: Tensor) => tf.tidy(() => prior.dualScale!(tf.div(y, c))) }),
    ...(prior.conjugateValue && {
      conjugateValue: (y: Tensor) => tf.tidy(() => tf.mul(c, prior.conjugateValue!(tf.div(y, c)))),
    }),
    with: (parameters: Named<'factor' | `prior.${N}`>) =>
      scale(rebuilt(prior, parameters), parameters.factor),
  });
}
