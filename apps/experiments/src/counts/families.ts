import type { Tensor } from '@tensorflow/tfjs-core';
import type { Likelihood } from '@unrolled/contracts';
import { binomial, gaussian, poisson } from '@unrolled/likelihoods';

/** A way to look at counts: a likelihood, and the natural parameter at which it expects a mean count. */
export interface CountFamily {
  readonly name: string;
  /** Without a baseline: η is the whole natural parameter. */
  readonly plain: Likelihood<string, never>;
  withBaseline(baseline: Tensor): Likelihood<string, 'baseline'>;
  link(mean: number): number;
  mean(eta: number): number;
  /** A(η), of which the mean is the slope. */
  logPartition(eta: number): number;
  /** A count can be no larger. */
  readonly largest: number;
  /** Var[y] where the mean is this. */
  variance(mean: number): number;
}

/** How many of `trials` had a spike. */
export function binomialCounts(trials: number): CountFamily {
  return {
    name: 'binomial',
    plain: binomial({ trials }),
    withBaseline: (baseline) => binomial({ trials, baseline }),
    link: (mean) => Math.log(mean / (trials - mean)),
    mean: (eta) => trials / (1 + Math.exp(-eta)),
    logPartition: (eta) => trials * (Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta)))),
    largest: trials,
    variance: (mean) => mean * (1 - mean / trials),
  };
}

/** How many spikes. @param largestRate decides the step of the encoder: twice the largest count is a good value */
export function poissonCounts(largestRate: number): CountFamily {
  return {
    name: 'Poisson',
    plain: poisson({ largestRate }),
    withBaseline: (baseline) => poisson({ largestRate, baseline }),
    link: Math.log,
    mean: Math.exp,
    logPartition: Math.exp,
    largest: Number.POSITIVE_INFINITY,
    variance: (mean) => mean,
  };
}

/** Counts taken for real numbers, of which atoms are added to the mean: what the others are compared with. */
export const gaussianCounts: CountFamily = {
  name: 'Gaussian',
  plain: gaussian(),
  withBaseline: (baseline) => gaussian({ baseline }),
  link: (mean) => mean,
  mean: (eta) => eta,
  logPartition: (eta) => eta ** 2 / 2,
  largest: Number.POSITIVE_INFINITY,
  variance: (mean) => mean,
};
