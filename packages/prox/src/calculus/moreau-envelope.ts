import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Named, Operator, Prior } from '@unrolled/contracts';
import { perExample, requireCode, requireGradient, requireStep } from '../internal/codes.ts';
import { madeFrom, rebuilt, requirePrior } from '../internal/parts.ts';
import { positiveScalar } from '../internal/weight.ts';

/**
 * The Moreau envelope of a prior: smooth where Φ has kinks, finite where Φ is an indicator, with the same minimisers.
 *
 *     M(x) = min_z Φ(z) + ‖x − z‖² / 2μ,    ∇M(x) = (x − prox_Φ(x, μ)) / μ
 *     prox_M(v, α) = v + α/(α + μ) · (prox_Φ(v, α + μ) − v),    M*(y) = Φ*(y) + μ/2 ‖y‖²
 *
 * That of ℓ1 is Huber's function; that of an indicator half the squared distance to its set, divided by μ.
 *
 * @param prior Φ
 * @param smoothing μ: a number > 0, which becomes a scalar tensor `smoothing` that the caller owns, or a scalar
 *   tensor > 0
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` for a number that is not > 0 and finite; `INVALID_SHAPE` for a tensor
 *   that is not a scalar
 * @example
 * ```ts
 * const huber = moreauEnvelope(l1(1), 0.5);
 * const cost = huber.value(tf.tensor2d([[0.5, 2]])); // [0.25 + 1.75]
 * ```
 * @see Parikh & Boyd, *Proximal algorithms*, Found. Trends Optim. 1 (2014), section 3.1
 */
export function moreauEnvelope<N extends string>(
  prior: Prior<N>,
  smoothing: number | Tensor,
): Prior<'smoothing' | `prior.${N}`> {
  requirePrior('prior', prior);
  const mu = positiveScalar('smoothing', smoothing);
  return Object.freeze({
    name: 'moreauEnvelope',
    convex: prior.convex,
    parameters: madeFrom(prior, { smoothing: mu }),
    value: (x: Tensor) =>
      tf.tidy(() => {
        const nearest = prior.prox(requireCode('x', x), mu);
        const distance = perExample(tf.squaredDifference(x, nearest));
        return tf.add(prior.value(nearest), tf.div(distance, tf.mul(2, mu)));
      }),
    prox: (v: Tensor, step: number | Tensor) =>
      tf.tidy(() => {
        const total = tf.add(mu, requireStep(step));
        return tf.add(v, tf.mul(tf.div(step, total), tf.sub(prior.prox(v, total), v)));
      }),
    ...(prior.bind && {
      bind: (y: Tensor, operator: Operator) => moreauEnvelope(prior.bind!(y, operator), mu),
    }),
    /** |gradient + ∇M(x)|, for a convex Φ: M is then differentiable. */
    ...(prior.convex && {
      violation: (x: Tensor, gradient: Tensor) =>
        tf.tidy(() => {
          requireGradient(x, gradient);
          return tf.abs(tf.add(gradient, tf.div(tf.sub(x, prior.prox(x, mu)), mu)));
        }),
    }),
    ...(prior.conjugateValue && {
      conjugateValue: (y: Tensor) =>
        tf.tidy(() => {
          const quadratic = tf.mul(tf.mul(0.5, mu), perExample(tf.square(requireCode('c', y))));
          return tf.add(prior.conjugateValue!(y), quadratic);
        }),
    }),
    with: (parameters: Named<'smoothing' | `prior.${N}`>) =>
      moreauEnvelope(rebuilt(prior, parameters), parameters.smoothing),
  });
}
