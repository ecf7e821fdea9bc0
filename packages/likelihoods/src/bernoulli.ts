import { type Likelihood, requireKnownOptions } from '@unrolled/contracts';
import { binomial } from './binomial.ts';
import type { Baseline, BaselineName, BaselineOptions } from './internal/baseline.ts';

/**
 * Events that happened or did not, y ∈ {0, 1}: {@link binomial} with one trial.
 *
 *     −log p(y | η) = Σ log(1 + e^η) − y η,   mean p = 1/(1 + e^−η),   variance = p (1 − p),   curvature = 1/4
 *
 * @throws INVALID_ARGUMENT, NOT_FINITE, UNKNOWN_OPTION for options that are none; INVALID_SHAPE, INVALID_DTYPE in use
 * @example
 * ```ts
 * const likelihood = bernoulli();
 * const chance = likelihood.mean(tf.zeros([1, 2])); // [[0.5, 0.5]]
 * ```
 */
export function bernoulli<B extends Baseline | undefined = undefined>(
  options: BaselineOptions<B> = {},
): Likelihood<'binomial', BaselineName<B>> {
  requireKnownOptions('bernoulli', options, ['baseline']);
  return binomial({ ...options, trials: 1 });
}
