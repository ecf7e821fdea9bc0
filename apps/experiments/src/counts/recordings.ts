import type { ExperimentContext, Size } from '../experiment.ts';
import { devianceOf } from './held-out.ts';
import { type Learned, learnTrials } from './learn-trials.ts';
import { networkOptions, recommended } from './options.ts';
import { type PeerRates, peerRates } from './peers.ts';
import { familyOf, folds, movementTrials, odourTrials, summed, type TrialSet } from './trials.ts';

/** How well held-out trials are predicted, fold by fold. */
export interface Scores {
  readonly name: string;
  /** 1 − deviance / that of one rate for each group. */
  readonly explained: readonly number[];
  /** Log-likelihood above that of one rate for each group, bits for each spike. */
  readonly bits: readonly number[];
}

export interface RecordingResult {
  readonly name: string;
  readonly groupNames: readonly string[];
  readonly bin: number;
  readonly start: number;
  readonly window: readonly [number, number];
  readonly networks: readonly Scores[];
  readonly peers: readonly Scores[] | undefined;
  /** Of the network shown, fold 0: spikes a second, `[group][bin]`. */
  readonly shown: {
    readonly options: string;
    readonly histogram: readonly number[][];
    readonly rates: readonly number[][];
    readonly filters: readonly number[][];
    readonly events: readonly {
      readonly group: number;
      readonly atom: number;
      readonly time: number;
      readonly amplitude: number;
    }[];
    /** Of the two groups with the largest events: when there were spikes, and in which trial. */
    readonly rasters: readonly {
      readonly group: number;
      readonly times: number[];
      readonly trials: number[];
    }[];
  };
  readonly seconds: number;
}

const steps: { readonly [S in Size]: number } = { smoke: 2, default: 60, paper: 400 };

/** Both recordings of trials. */
export async function recordings(context: ExperimentContext, folder: string): Promise<RecordingResult[]> {
  const sets = [await movementTrials(folder), await odourTrials(folder)];
  const found: RecordingResult[] = [];
  for (const set of sets) found.push(await recording(context, set));
  return found;
}

async function recording(context: ExperimentContext, set: TrialSet): Promise<RecordingResult> {
  const { results, python, seed, signal } = context;
  const started = performance.now();
  const learned = new Map<string, Learned[]>();
  for (const options of networkOptions)
    for (let fold = 0; fold < folds; fold++) {
      const settings = {
        set: { ...set, counts: undefined },
        options,
        fold,
        steps: steps[context.size],
        seed,
      };
      const own = await results.once(`${set.name}-${options.name}-${fold}`, settings, () =>
        learnTrials(set, options, { fold, steps: steps[context.size], seed, signal }),
      );
      learned.set(options.name, [...(learned.get(options.name) ?? []), own]);
    }
  const networks = await Promise.all(
    networkOptions.map(({ name }) =>
      scoresOf(
        set,
        name,
        learned.get(name)!.map(({ means }) => means),
      ),
    ),
  );
  const peers: PeerRates[] | undefined =
    python === undefined
      ? undefined
      : await results.once(`${set.name}-peers`, { folds }, () => peerRates(python, set, signal));
  return {
    name: set.name,
    groupNames: set.groupNames,
    bin: set.bin,
    start: set.start,
    window: set.window,
    networks,
    peers: peers && (await Promise.all(peers.map(({ name, means }) => scoresOf(set, name, means)))),
    shown: shownOf(set, recommended.name, learned.get(recommended.name)![0]!),
    seconds: (performance.now() - started) / 1000,
  };
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** @param means of one trial, for every fold: `[fold][group · bins + bin]` */
async function scoresOf(set: TrialSet, name: string, means: readonly (readonly number[])[]): Promise<Scores> {
  const bins = set.counts.shape[2];
  const explained: number[] = [];
  const bits: number[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const held = summed(set, (trial) => trial % folds === fold);
    const seen = summed(set, (trial) => trial % folds !== fold);
    const family = familyOf(set, held.sum, held.trials);
    const constant = held.sum.map((_, index) => {
      const first = Math.floor(index / bins) * bins;
      const spikes = seen.sum.subarray(first, first + bins).reduce((sum, count) => sum + count, 0);
      return (spikes / bins / seen.trials) * held.trials;
    });
    const model = Float32Array.from(means[fold]!, (value) => value * held.trials);
    const [none, some] = [
      await devianceOf(family, held.sum, constant),
      await devianceOf(family, held.sum, model),
    ];
    explained.push(1 - some / none);
    bits.push((none - some) / (2 * Math.LN2 * held.sum.reduce((sum, count) => sum + count, 0)));
  }
  return { name, explained, bits };
}

function shownOf(
  set: TrialSet,
  options: string,
  { means, filters, events }: Learned,
): RecordingResult['shown'] {
  const [groups, , bins] = set.counts.shape;
  const seen = summed(set, (trial) => trial % folds !== 0);
  const sizes = new Float64Array(groups);
  for (const { example, amplitude } of events) sizes[example]! += amplitude;
  const largest = Array.from(sizes.keys())
    .sort((a, b) => sizes[b]! - sizes[a]!)
    .slice(0, 2);
  const rows = (values: ArrayLike<number>, scale: number): number[][] =>
    Array.from({ length: groups }, (_, group) =>
      Array.from({ length: bins }, (_, bin) => (values[group * bins + bin]! * scale) / set.bin),
    );
  return {
    options,
    histogram: rows(seen.sum, 1 / seen.trials),
    rates: rows(means, 1),
    filters,
    events: events.map(({ example, atom, place, amplitude }) => ({
      group: example,
      atom,
      time: set.start + place * set.bin,
      amplitude,
    })),
    rasters: largest.map((group) => rasterOf(set, group)),
  };
}

function rasterOf(set: TrialSet, group: number): { group: number; times: number[]; trials: number[] } {
  const [, trials, bins] = set.counts.shape;
  const found = { group, times: [] as number[], trials: [] as number[] };
  for (let trial = 0; trial < trials; trial++)
    for (let bin = 0; bin < bins; bin++)
      if (set.counts.data[(group * trials + trial) * bins + bin]! > 0) {
        found.times.push(set.start + (bin + 0.5) * set.bin);
        found.trials.push(trial);
      }
  return found;
}
