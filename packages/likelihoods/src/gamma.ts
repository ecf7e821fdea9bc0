import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Likelihood, type Random, requireKnownOptions, requirePositive } from '@unrolled/contracts';
import { type Baseline, type BaselineName, type BaselineOptions, withBaseline } from './internal/baseline.ts';
import { boundedExp, boundedExpIntegral, LARGEST_RATE } from './internal/bounded-exp.ts';
import { requireEntries } from './internal/data.ts';
import { fromEntries } from './internal/from-entries.ts';

/** Options of {@link gamma}. */
export interface GammaOptions<B extends Baseline | undefined = Baseline | undefined>
  extends BaselineOptions<B> {
  /** k > 0: the variance is μ²/k. 1 is the exponential law, L that of speckle averaged over L looks. Default 1. */
  readonly shape?: number;
}

/**
 * Positive data whose spread grows with their mean, as powers, intensities under speckle and waiting times: a gamma law of
 * shape k, with the log link μ = e^η.
 *
 *     −log p(y | η) = k Σ η + y e^−η + …,   mean μ = e^η,   variance = μ²/k,   residual = k (y/μ − 1)
 *     natural parameter θ = −k/μ < 0,   B = k η,   deviance = 2 k Σ (y − μ)/μ − log(y/μ),   curvature ∞ (it grows with y/μ)
 *
 * **Overflow.** The mean stops at 1e9 and e^−η, the inverse of it, likewise; the loss goes on by its tangent from there, so that
 * nothing is NaN or infinite, and the residual is its exact gradient.
 *
 * Data are numbers > 0, float32, `[batch, …]`; `requireData` refuses others.
 *
 * @throws INVALID_ARGUMENT, NOT_FINITE, UNKNOWN_OPTION for options that are none; INVALID_SHAPE, INVALID_DTYPE in use
 * @example
 * ```ts
 * const likelihood = gamma({ shape: 4 });
 * const spread = likelihood.variance(tf.fill([1, 1], Math.log(10))); // 10²/4 = 25
 * ```
 * @see McCullagh & Nelder, *Generalized linear models* (1989), chapter 8
 */
export function gamma<B extends Baseline | undefined = undefined>(
  options: GammaOptions<B> = {},
): Likelihood<'gamma', BaselineName<B>> {
  requireKnownOptions('gamma', options, ['shape', 'baseline']);
  const shape = requirePositive('shape', options.shape ?? 1);
  const mean = (eta: Tensor): Tensor => boundedExp(eta, LARGEST_RATE);
  const inverse = (eta: Tensor): Tensor => boundedExp(tf.neg(eta), LARGEST_RATE);
  const inverseIntegral = (eta: Tensor): Tensor => boundedExpIntegral(tf.neg(eta), LARGEST_RATE);
  const family = fromEntries({
    family: 'gamma',
    curvature: Number.POSITIVE_INFINITY,
    natural: (eta) => tf.mul(-shape, inverseIntegral(eta)),
    mean,
    variance: (eta) => tf.div(tf.square(mean(eta)), shape),
    logPartition: (eta) => tf.mul(shape, eta),
    loss: (y, eta) => tf.mul(shape, tf.add(eta, tf.mul(y, inverseIntegral(eta)))),
    residual: (y, eta) => tf.mul(shape, tf.sub(tf.mul(y, inverse(eta)), 1)),
    deviance: (y, eta) => {
      const excess = tf.sub(tf.mul(y, inverseIntegral(eta)), 1);
      return tf.mul(2 * shape, tf.sub(excess, tf.sub(tf.log(y), eta)));
    },
    draw: (mu: number, random: Random) => random.gamma(shape, mu / shape),
    requireData: (name, values) =>
      requireEntries(name, values, (value) => value > 0 && Number.isFinite(value), 'numbers > 0'),
  });
  return withBaseline(family, options);
}
