import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Likelihood, type Random, requireKnownOptions, requirePositive } from '@unrolled/contracts';
import { type Baseline, type BaselineName, type BaselineOptions, withBaseline } from './internal/baseline.ts';
import { boundedExp, LARGEST_RATE } from './internal/bounded-exp.ts';
import { requireCounts } from './internal/data.ts';
import { fromEntries } from './internal/from-entries.ts';
import { logRatio } from './internal/log-ratio.ts';
import { softplus } from './internal/softplus.ts';

/** Options of {@link negativeBinomial}. */
export interface NegativeBinomialOptions<B extends Baseline | undefined = Baseline | undefined>
  extends BaselineOptions<B> {
  /** α > 0: the variance is μ + α μ². Towards 0 it is the Poisson likelihood. */
  readonly dispersion: number;
}

/**
 * Counts that vary more than Poisson counts do, as spike and read counts: of variance μ + α μ², with the log link μ = e^η.
 *
 *     −log p(y | η) = Σ (y + r) log(1 + α e^η) − y (η + log α) + …,   r = 1/α
 *     mean μ = e^η,   variance = μ + α μ²,   residual = (y − μ)/(1 + α μ),   curvature ∞ (it grows with the count)
 *     natural parameter θ = log(α μ/(1 + α μ)) < 0,   B = r log(1 + α μ)
 *     deviance = 2 Σ y log(y/μ) − (y + r) log((1 + α y)/(1 + α μ))
 *
 * They are Poisson counts of a rate with a gamma law of shape r and mean μ. The residual lies between −r and y, and the loss has no
 * exponential that could overflow; the mean stops at 1e9, beyond which its derivative is 0.
 *
 * Data are whole numbers ≥ 0, float32, `[batch, …]`; `requireData` refuses others.
 *
 * @throws INVALID_ARGUMENT, NOT_FINITE, UNKNOWN_OPTION for options that are none; INVALID_SHAPE, INVALID_DTYPE in use
 * @example
 * ```ts
 * const likelihood = negativeBinomial({ dispersion: 0.5 });
 * const spread = likelihood.variance(tf.fill([1, 1], Math.log(4))); // 4 + 0.5·16 = 12
 * ```
 * @see Cameron & Trivedi, *Regression analysis of count data* (2013), section 3.3.1: NB2
 */
export function negativeBinomial<B extends Baseline | undefined = undefined>(
  options: NegativeBinomialOptions<B>,
): Likelihood<'negativeBinomial', BaselineName<B>> {
  requireKnownOptions('negativeBinomial', options, ['dispersion', 'baseline']);
  const dispersion = requirePositive('dispersion', options.dispersion);
  const size = 1 / dispersion;
  /** u = η + log α: α μ/(1 + α μ) is its sigmoid, log(1 + α μ) its softplus. */
  const logit = (eta: Tensor): Tensor => tf.add(eta, Math.log(dispersion));
  const mean = (eta: Tensor): Tensor => boundedExp(eta, LARGEST_RATE);
  const family = fromEntries({
    family: 'negativeBinomial',
    curvature: Number.POSITIVE_INFINITY,
    natural: (eta) => tf.neg(softplus(tf.neg(logit(eta)))),
    mean,
    variance: (eta) => {
      const mu = mean(eta);
      return tf.add(mu, tf.mul(dispersion, tf.square(mu)));
    },
    logPartition: (eta) => tf.mul(size, softplus(logit(eta))),
    // Two terms ≥ 0, so that no digits cancel.
    loss: (y, eta) => {
      const u = logit(eta);
      return tf.add(tf.mul(y, softplus(tf.neg(u))), tf.mul(size, softplus(u)));
    },
    residual: (y, eta) => {
      const u = logit(eta);
      return tf.sub(tf.mul(y, tf.sigmoid(tf.neg(u))), tf.mul(size, tf.sigmoid(u)));
    },
    deviance: (y, eta) => {
      const saturated = softplus(tf.log(tf.mul(dispersion, y)));
      const excess = tf.sub(saturated, softplus(logit(eta)));
      return tf.mul(2, tf.sub(logRatio(y, eta, mean(eta)), tf.mul(tf.add(y, size), excess)));
    },
    draw: (mu: number, random: Random) => random.poisson(random.gamma(size, dispersion * mu)),
    requireData: (name, values) => requireCounts(name, values),
  });
  return withBaseline(family, options);
}
