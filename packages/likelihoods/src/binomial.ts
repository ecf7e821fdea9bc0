import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Likelihood, type Random, requireInteger, requireKnownOptions } from '@unrolled/contracts';
import { type Baseline, type BaselineName, type BaselineOptions, withBaseline } from './internal/baseline.ts';
import { requireCounts } from './internal/data.ts';
import { fromEntries } from './internal/from-entries.ts';
import { softplus } from './internal/softplus.ts';

/** Options of {@link binomial}. */
export interface BinomialOptions<B extends Baseline | undefined = Baseline | undefined>
  extends BaselineOptions<B> {
  /** M, how often each entry was tried: a whole number ≥ 1. */
  readonly trials: number;
}

/**
 * How many of M trials succeeded, as spikes of a time bin over M repetitions: y ~ Binomial(M, p), p = 1/(1 + e^−η).
 *
 *     −log p(y | η) = Σ M log(1 + e^η) − y η + log(M choose y),   mean = M p,   variance = M p (1 − p)
 *     residual = y − M p,   deviance = 2 Σ y log(y/Mp) + (M − y) log((M − y)/(M − Mp)),   curvature = M/4
 *
 * **Data are counts**, whole numbers from 0 to M (float32, `[batch, …]`), never rates y/M: dividing by M is done once, by the step
 * 1/(curvature·‖A‖²) = 4/(M ‖A‖²). Iterations on rates with residual y/M − p and the step 4/‖A‖² are the same. The loss is M times
 * theirs, and so is the weight of a prior.
 *
 * Nothing overflows: the logarithms are those of `softplus`, exact at both ends.
 *
 * @throws INVALID_ARGUMENT, NOT_FINITE, UNKNOWN_OPTION for options that are none; INVALID_SHAPE, INVALID_DTYPE in use
 * @example
 * ```ts
 * const likelihood = binomial({ trials: 30, baseline: -2 });
 * const expected = likelihood.mean(tf.zeros([1, 4])); // 30/(1 + e²) = 3.58 in every bin
 * ```
 * @see Tolooshams, Song, Temereanca & Ba, *Convolutional dictionary learning based auto-encoders for natural exponential-family
 *   distributions*, ICML 2020, table 1
 */
export function binomial<B extends Baseline | undefined = undefined>(
  options: BinomialOptions<B>,
): Likelihood<'binomial', BaselineName<B>> {
  requireKnownOptions('binomial', options, ['trials', 'baseline']);
  const trials = requireInteger('trials', options.trials);
  const mean = (eta: Tensor): Tensor => tf.mul(trials, tf.sigmoid(eta));
  /** Two terms ≥ 0, so that no digits cancel: M log(1 + e^η) − y η. */
  const loss = (y: Tensor, eta: Tensor): Tensor => {
    const failure = softplus(eta);
    return tf.add(tf.mul(y, tf.sub(failure, eta)), tf.mul(tf.sub(trials, y), failure));
  };
  const family = fromEntries({
    family: 'binomial',
    curvature: trials / 4,
    mean,
    variance: (eta) => tf.mul(mean(eta), tf.sigmoid(tf.neg(eta))),
    logPartition: (eta) => tf.mul(trials, softplus(eta)),
    loss,
    residual: (y, eta) => tf.sub(y, mean(eta)),
    deviance: (y, eta) => tf.mul(2, tf.sub(loss(y, eta), entropy(y, trials))),
    draw: (expected: number, random: Random) => random.binomial(trials, Math.min(expected / trials, 1)),
    requireData: (name, values) => requireCounts(name, values, trials),
  });
  return withBaseline(family, options);
}

/** The least loss that data can have: −y log(y/M) − (M − y) log((M − y)/M), 0 at both ends. */
function entropy(y: Tensor, trials: number): Tensor {
  const term = (count: Tensor): Tensor => {
    // 1 in place of 0: its logarithm is multiplied by 0.
    const safe = tf.add(count, tf.sub(1, tf.step(count)));
    return tf.mul(count, tf.log(tf.div(safe, trials)));
  };
  // A count above M is no data, and yet gives no NaN.
  return tf.neg(tf.add(term(y), term(tf.relu(tf.sub(trials, y)))));
}
