import type { Size } from '../experiment.ts';

/** A simulation of counts: C = 3 filters of K = 50 bins. */
export interface Scenario {
  readonly name: string;
  readonly family: 'binomial' | 'poisson';
  /** What a bin holds where there is no event: the probability of a spike in a trial, or the mean count. */
  readonly baseline: readonly [number, number];
  readonly groups: number;
  /** Mean of the events' amplitudes; default 8. At the log link it multiplies rates by 20 and more. */
  readonly amplitude?: number;
  /** More of them where rates span so much that a step which is safe for the largest is small for the others; not for a Gaussian. */
  readonly layers?: number;
  /** Weight of the prior over σ √(2 ln(C N_e)); default 1. Counts of almost nothing have heavier tails than the Gaussian that it is made for. */
  readonly weight?: number;
  /** Here the likelihood is to be better than a Gaussian by far. */
  readonly low?: boolean;
  /** Where what else could have been left out is tried too. */
  readonly ablated?: boolean;
}

/** M, the trials of a binomial count. */
export const trials = 30;
/** Bins of a group, and events of each filter in it. */
export const length = 500;
export const events = 2;
export const amplitude = 8;
export const batchSize = 32;
/** By how much a coefficient of a filter may change between two refits: Adam moves it by about its rate a step. */
export const reach = 0.03;

/** Low rates have fewer spikes to learn from in a group, and get more groups. */
export const scenarios: readonly Scenario[] = [
  { name: 'binomial, 10 to 20 %', family: 'binomial', baseline: [0.1, 0.2], groups: 160 },
  {
    name: 'binomial, 2 to 4 %',
    family: 'binomial',
    baseline: [0.02, 0.04],
    groups: 320,
    low: true,
    ablated: true,
  },
  {
    name: 'binomial, 0.2 to 0.5 %',
    family: 'binomial',
    baseline: [0.002, 0.005],
    groups: 960,
    amplitude: 12,
    weight: 1.5,
    low: true,
  },
  { name: 'Poisson, 3 to 6 a bin', family: 'poisson', baseline: [3, 6], groups: 320, amplitude: 4 },
  {
    name: 'Poisson, 1 to 2 a bin',
    family: 'poisson',
    baseline: [1, 2],
    groups: 640,
    amplitude: 5,
    layers: 250,
    low: true,
  },
];

/** How learning is done. */
export interface Variant {
  readonly name: string;
  /** The family that the counts were drawn from, or a Gaussian one. */
  readonly gaussian: boolean;
  readonly gradient: boolean;
  readonly refit: boolean;
  /** Tried only where a scenario says so. */
  readonly ablation?: boolean;
}

export const variants: readonly Variant[] = [
  { name: 'the likelihood, refitted', gaussian: false, gradient: true, refit: true },
  { name: 'Gaussian, refitted', gaussian: true, gradient: true, refit: true },
  { name: 'the likelihood, gradient alone', gaussian: false, gradient: true, refit: false, ablation: true },
  { name: 'the likelihood, refits alone', gaussian: false, gradient: false, refit: true, ablation: true },
];

export interface SimulationSize {
  readonly layers: number;
  readonly epochs: number;
  readonly groups: number;
  readonly seeds: readonly number[];
  readonly scenarios: readonly Scenario[];
  readonly variants: readonly Variant[];
}

export const sizes: { readonly [S in Size]: SimulationSize } = {
  smoke: {
    layers: 15,
    epochs: 1,
    groups: 32,
    seeds: [1],
    scenarios: scenarios.slice(1, 2),
    variants: variants.slice(0, 2),
  },
  default: { layers: 100, epochs: 2, groups: 960, seeds: [1, 2, 3], scenarios, variants },
  paper: { layers: 250, epochs: 20, groups: 960, seeds: [1, 2, 3, 4, 5], scenarios, variants },
};
