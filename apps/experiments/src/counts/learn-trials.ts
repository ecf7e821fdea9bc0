import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '@unrolled/contracts';
import { pickSpikes, type Spike } from '@unrolled/crsae';
import { dcea, trainDcea } from '@unrolled/dcea';
import { nesterovMomentum } from '@unrolled/solvers';
import { adam, type HostExamples, smoothness } from '@unrolled/unroll';
import { columnsOf } from './event-score.ts';
import type { CountFamily } from './families.ts';
import { firstFilters } from './first-filters.ts';
import { codesOfGroups, etaOfCodes, type Groups } from './groups.ts';
import { type NetworkOptions, priorOf } from './options.ts';
import { refitOnEvents } from './refit.ts';
import { eventCodes } from './refit-steps.ts';
import { familyOf, folds, summed, type TrialSet } from './trials.ts';

/** What was learned from the trials of a fold that are not held out. */
export interface Learned {
  /** Of one trial, `[groups · bins]`. */
  readonly means: readonly number[];
  /** `[atom][bin]` */
  readonly filters: readonly number[][];
  readonly events: readonly Spike[];
  /** Weight of the prior for prediction, over σ √(2 ln(C N_e)). */
  readonly multiplier: number;
}

const layers = 100;
const multipliers = [0.01, 0.05, 0.1, 0.2, 0.4, 0.7, 1];

/**
 * Learns filters and baselines from the summed training trials, by the likelihood through the encoder, all groups in one batch; then
 * chooses the prior's weight for prediction, within the training trials: codes of three quarters, judged by the rest.
 */
export async function learnTrials(
  set: TrialSet,
  options: NetworkOptions,
  { fold, steps, seed, signal }: { fold: number; steps: number; seed: number; signal: AbortSignal },
): Promise<Learned> {
  const inFold = (trial: number): boolean => trial % folds !== fold;
  const all = worldOf(set, inFold);
  const filters = firstFilters(all.groups, all.family, set, seed);
  const network = await networkOf(set, options, all, filters, options.weight ?? 1);
  filters.dispose();
  try {
    const spikes = all.groups.counts.data.reduce((sum, count) => sum + count, 0) / set.counts.shape[0];
    // One batch in the order of its baselines, which are trained: shuffled, they would be one another's.
    const { data, shape } = all.groups.counts;
    const inOrder = function* () {
      yield tf.tensor(data, [...shape]);
    };
    for await (const _ of trainDcea(network, inOrder, {
      epochs: steps,
      optimizer: adam({ rate: 0.02 }),
      ...(options.smoothness > 0 && {
        penalties: [smoothness('operator.filters', options.smoothness * Math.sqrt(spikes))],
      }),
      signal,
    }));
    const baselines = (await network.variables['likelihood.baseline']!.data()) as Float32Array;
    const learned = network.variables['operator.filters']!;
    const atoms = { data: Float32Array.from(await learned.data()), shape: learned.shape };

    const inner = (fold + 1) % folds;
    const part = worldOf(set, (trial) => inFold(trial) && trial % folds !== inner, all, baselines);
    const judge = summed(set, (trial) => trial % folds === inner);
    let best = { score: Number.POSITIVE_INFINITY, multiplier: 1 };
    for (const multiplier of multipliers) {
      const { means } = await predict(set, options, part, atoms, multiplier);
      const score = await lossOf(set, judge, means);
      if (score < best.score) best = { score, multiplier };
    }
    const whole = { ...all, groups: { ...all.groups, baselines: Float32Array.from(baselines) } };
    const { means, events, fitted } = await predict(set, options, whole, atoms, best.multiplier);
    return {
      means: Array.from(means),
      filters: columnsOf({ data: fitted, shape: atoms.shape }),
      events,
      multiplier: best.multiplier,
    };
  } finally {
    network.dispose();
  }
}

/** Summed trials, as a family of their number looks at them. */
interface World {
  readonly groups: Groups;
  readonly family: CountFamily;
  readonly trials: number;
}

/** @param of whose baselines are taken over, for another number of trials */
function worldOf(
  set: TrialSet,
  chosen: (trial: number) => boolean,
  of?: World,
  baselines?: Float32Array,
): World {
  const { sum, trials } = summed(set, chosen);
  const [groups, , bins] = set.counts.shape;
  const family = familyOf(set, sum, trials);
  const means = Array.from({ length: groups }, (_, group) => {
    if (of && baselines) return (of.family.mean(baselines[group]!) / of.trials) * trials;
    return sum.subarray(group * bins, (group + 1) * bins).reduce((total, count) => total + count, 0) / bins;
  });
  return {
    groups: {
      counts: { data: sum, shape: [groups, bins, 1] },
      baselines: Float32Array.from(means, family.link),
    },
    family,
    trials,
  };
}

async function networkOf(
  set: TrialSet,
  options: NetworkOptions,
  { groups, family }: World,
  filters: tf.Tensor,
  multiplier: number,
): Promise<Network> {
  const { baselines } = groups;
  const variance =
    baselines.reduce((sum, eta) => sum + family.variance(family.mean(eta)), 0) / baselines.length;
  const places = set.counts.shape[2] - set.atomLength + 1;
  const weight = multiplier * Math.sqrt(variance * 2 * Math.log(set.atoms * places));
  const prior = priorOf(options, set, weight);
  const likelihood = family.withBaseline(tf.tensor3d(baselines, [baselines.length, 1, 1]));
  try {
    return await dcea({
      filters,
      prior,
      likelihood,
      layers,
      momentum: nesterovMomentum,
      train: ['operator.filters', 'likelihood.baseline'],
    });
  } finally {
    tf.dispose([{ ...prior.parameters }, { ...likelihood.parameters }]);
  }
}

/** Means of one trial by the codes of these trials, or by the events in them. */
async function predict(
  set: TrialSet,
  options: NetworkOptions,
  world: World,
  atoms: { readonly data: Float32Array; readonly shape: readonly number[] },
  multiplier: number,
): Promise<{ means: Float32Array; events: readonly Spike[]; fitted: Float32Array }> {
  const { groups, family, trials } = world;
  const filters = tf.tensor(atoms.data, [...atoms.shape]);
  const network = await networkOf(set, options, world, filters, multiplier);
  filters.dispose();
  let codes: HostExamples;
  try {
    codes = await codesOfGroups(network, groups, groups.baselines.length);
  } finally {
    network.dispose();
  }
  const perTrial = (eta: Float32Array): Float32Array => eta.map((value) => family.mean(value) / trials);
  if (!options.refit) {
    const events = pickSpikes(codes, { radius: Math.floor(set.atomLength / 3) });
    return { means: perTrial(await etaOfCodes(groups, codes, atoms)), events, fitted: atoms.data };
  }
  const { filters: fitted, events } = await refitOnEvents(family, groups, codes, atoms, {
    rounds: 2,
    ridge: 0.1,
  });
  const eta = await etaOfCodes(groups, eventCodes(events, codes.shape), { data: fitted, shape: atoms.shape });
  return { means: perTrial(eta), events, fitted };
}

/** −log p of summed trials. */
async function lossOf(
  set: TrialSet,
  { sum, trials }: { readonly sum: Float32Array; readonly trials: number },
  means: Float32Array,
): Promise<number> {
  const { plain, link } = familyOf(set, sum, trials);
  const eta = means.map((value) => link(value * trials));
  const loss = tf.tidy(() =>
    tf.sum(plain.negLogLik(tf.tensor2d(sum, [1, sum.length]), tf.tensor2d(eta, [1, eta.length]))),
  );
  const [value] = await loss.data();
  loss.dispose();
  return value!;
}
