import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Likelihood,
  type Random,
  refuse,
  requireKnownOptions,
  requirePositive,
} from '@unrolled/contracts';
import { type Baseline, type BaselineName, type BaselineOptions, withBaseline } from './internal/baseline.ts';
import { boundedExp, boundedExpIntegral, LARGEST_RATE } from './internal/bounded-exp.ts';
import { requireCounts } from './internal/data.ts';
import { elu } from './internal/elu.ts';
import { fromEntries } from './internal/from-entries.ts';
import { logRatio } from './internal/log-ratio.ts';

/** Options of {@link poisson}. */
export interface PoissonOptions<B extends Baseline | undefined = Baseline | undefined>
  extends BaselineOptions<B> {
  /** The largest mean count, > 0: bounds the residual below by −peak (see {@link poisson}). Default: no bound. */
  readonly peak?: number;
  /**
   * No rate is larger, and no count: > 0 and at most 1e9. The curvature is then this, so that ISTA and FISTA know a step of their
   * own: twice the largest count is a good value. Default 1e9, and a curvature of ∞.
   */
  readonly largestRate?: number;
}

/**
 * Counts of independent events, as photons and spikes: y ~ Poisson(e^η), η the logarithm of the rate.
 *
 *     −log p(y | η) = Σ e^η − y η + log y!,   mean = variance = B(η) = e^η,   residual = y − e^η
 *     deviance = 2 Σ y log(y/e^η) − (y − e^η)
 *
 * **Overflow.** The mean stops at `largestRate`, R: it is min(e^η, R), and the loss goes on by its tangent, R (1 + η − log R) − y η.
 * So nothing here is NaN or infinite, the loss stays convex, and the residual is its exact gradient everywhere, never below
 * y − R. Beyond log R the derivative of the mean is 0; `variance` is that of counts with this mean.
 *
 * **`peak`** bounds the residual as deep convolutional exponential auto-encoders do, because one early layer with a large rate
 * kills a code or blows it up:
 *
 *     residual = y − e^η where that is > 0,   peak·(e^(y − e^η) − 1) elsewhere: an ELU, never below −peak
 *
 * It is not the gradient of the loss then (`exactResidual` is false): fixed points of an iteration solve another problem, and stopping
 * rules that need a gradient refuse it.
 *
 * Data are whole numbers ≥ 0, float32, `[batch, …]`; `requireData` refuses others.
 *
 * @throws INVALID_ARGUMENT, NOT_FINITE, UNKNOWN_OPTION for options that are none; INVALID_SHAPE, INVALID_DTYPE in use
 * @example
 * ```ts
 * const likelihood = poisson({ baseline: Math.log(4) });
 * const rate = likelihood.mean(tf.zeros([1, 3])); // [[4, 4, 4]]
 * ```
 * @see Tolooshams, Song, Temereanca & Ba, *Convolutional dictionary learning based auto-encoders for natural exponential-family
 *   distributions*, ICML 2020, table 1 and section 4
 */
export function poisson<B extends Baseline | undefined = undefined>(
  options: PoissonOptions<B> = {},
): Likelihood<'poisson', BaselineName<B>> {
  requireKnownOptions('poisson', options, ['baseline', 'peak', 'largestRate']);
  const { peak, largestRate } = options;
  if (peak !== undefined) requirePositive('peak', peak);
  const largest = requirePositive('largestRate', largestRate ?? LARGEST_RATE);
  if (largest > LARGEST_RATE) refuse('largestRate', largest, `at most ${LARGEST_RATE}`);

  const rate = (eta: Tensor): Tensor => boundedExp(eta, largest);
  const exact = (y: Tensor, eta: Tensor): Tensor => tf.sub(y, rate(eta));
  const family = fromEntries({
    family: 'poisson',
    exactResidual: peak === undefined,
    curvature: largestRate ?? Number.POSITIVE_INFINITY,
    mean: rate,
    variance: rate,
    logPartition: (eta) => boundedExpIntegral(eta, largest),
    loss: (y, eta) => tf.sub(boundedExpIntegral(eta, largest), tf.mul(y, eta)),
    residual: peak === undefined ? exact : (y, eta) => elu(exact(y, eta), peak),
    deviance: (y, eta) => {
      const mean = rate(eta);
      const onTangent = tf.mul(tf.relu(tf.sub(eta, Math.log(largest))), tf.sub(largest, y));
      return tf.mul(2, tf.add(tf.sub(logRatio(y, eta, mean), tf.sub(y, mean)), onTangent));
    },
    draw: (mean: number, random: Random) => random.poisson(mean),
    requireData: (name, values) => requireCounts(name, values, largestRate),
  });
  return withBaseline(family, options);
}
