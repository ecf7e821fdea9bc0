import { useBackend } from '@unrolled/backend';
import type { Experiment, ExperimentContext } from '../experiment.ts';
import { type FeedForwardResult, feedForward } from './feed-forward.ts';
import { type OneLevelResult, oneLevel } from './one-level.ts';
import { page } from './page.ts';
import { type Plan, plans } from './plan.ts';
import { runTrial, type TrialResult } from './trial.ts';

const parts = ['learning', 'one-level', 'feed-forward'] as const;

/** Everything that was measured; parts that were not run are missing. */
export interface Results {
  readonly size: string;
  readonly device: string;
  readonly plan: Plan;
  /** By the series of the plan. */
  readonly learning?: readonly (readonly TrialResult[])[];
  readonly oneLevel?: readonly OneLevelResult[];
  readonly feedForward?: readonly FeedForwardResult[];
}

/** Hierarchies of sparse dictionaries: learned from below and from above, and what the theory predicts of them. */
export const deepSparseExperiment: Experiment = {
  name: 'deep-sparse',
  purpose:
    'hierarchies of two and three levels, learned forward and backward, against the number of examples',
  parts,
  run: async (context): Promise<Record<string, unknown>> => {
    const { size, wanted } = context;
    const { device } = await useBackend('wasm');
    const plan = plans[size];
    const results: Results = {
      size,
      device,
      plan,
      ...(wanted('learning') && { learning: await learnAll(context, plan) }),
      ...(wanted('one-level') && { oneLevel: await compareOneLevel(context, plan) }),
      ...(wanted('feed-forward') && { feedForward: await compareFeedForward(context, plan) }),
    };
    return { ...results };
  },
  page: (results, command) => page(results as unknown as Results, command),
};

async function learnAll({ results, seed, signal }: ExperimentContext, plan: Plan): Promise<TrialResult[][]> {
  const all: TrialResult[][] = [];
  for (const { hierarchy, directions, start, learning, examples: counts, seeds } of plan.series) {
    const trials: TrialResult[] = [];
    // Seed by seed: a run that is stopped has whole curves.
    for (let turn = 0; turn < seeds; turn++)
      for (const direction of directions)
        for (const examples of counts) {
          const trial = { hierarchy, direction, start, learning, examples, seed: seed + turn };
          const name = `${hierarchy.name} ${direction} ${start} ${examples} ${turn}`;
          trials.push(await results.once(name, trial, () => runTrial(trial, signal)));
        }
    all.push(trials);
  }
  return all;
}

async function compareOneLevel(
  { results, seed, signal }: ExperimentContext,
  { one }: Plan,
): Promise<OneLevelResult[]> {
  const found: OneLevelResult[] = [];
  for (let turn = 0; turn < one.seeds; turn++) {
    const settings = { ...one, seed: seed + turn };
    found.push(
      await results.once(`one level ${turn}`, settings, () => oneLevel(one, { seed: seed + turn, signal })),
    );
  }
  return found;
}

async function compareFeedForward(
  { results, seed }: ExperimentContext,
  { feedForward: { hierarchies, signals } }: Plan,
): Promise<FeedForwardResult[]> {
  const found: FeedForwardResult[] = [];
  for (const hierarchy of hierarchies) {
    const settings = { hierarchy, signals, seed };
    const name = `feed-forward ${hierarchy.name}`;
    found.push(await results.once(name, settings, () => feedForward(hierarchy, settings)));
  }
  return found;
}
