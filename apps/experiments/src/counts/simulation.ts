import * as tf from '@tensorflow/tfjs-core';
import { type Network, random } from '@unrolled/contracts';
import { pickSpikes } from '@unrolled/crsae';
import { type CountSimulation, closeInitialisation, simulateCounts } from '@unrolled/data';
import { dcea } from '@unrolled/dcea';
import { dictionaryError } from '@unrolled/metrics';
import { l1 } from '@unrolled/prox';
import { nesterovMomentum } from '@unrolled/solvers';
import {
  adam,
  type GradientStage,
  reconstruction,
  type Stage,
  train,
  type UpdateStage,
} from '@unrolled/unroll';
import { stopwatch } from '../cpu-time.ts';
import type { ExperimentContext } from '../experiment.ts';
import { aligned, columnsOf, eventScore } from './event-score.ts';
import { binomialCounts, type CountFamily, gaussianCounts, poissonCounts } from './families.ts';
import { codesOfGroups, type Groups, groupBatches } from './groups.ts';
import { type HeldOut, heldOut } from './held-out.ts';
import { mean } from './recordings.ts';
import { refitOnEvents } from './refit.ts';
import {
  amplitude,
  batchSize,
  events,
  length,
  reach,
  type Scenario,
  type SimulationSize,
  sizes,
  trials,
  type Variant,
} from './scenarios.ts';

export interface SimulationRun {
  readonly scenario: string;
  readonly variant: string;
  readonly seed: number;
  readonly layers: number;
  /** Shift-aware error of every filter, one row an epoch; the first before training. */
  readonly errors: readonly (readonly number[])[];
  readonly heldOut: HeldOut;
  /** Of true events, found within 3 bins; of found ones, false. */
  readonly hits: number;
  readonly falseAlarms: number;
  /** `[atom][bin]`, moved and turned onto the true ones. */
  readonly filters: { readonly truth: readonly number[][]; readonly learned: readonly number[][] };
  /** Of learning, on the processor. */
  readonly seconds: number;
}

/** Every scenario, variant and seed. */
export async function simulations(context: ExperimentContext): Promise<SimulationRun[]> {
  const size = sizes[context.size];
  const runs: SimulationRun[] = [];
  for (const scenario of size.scenarios)
    for (const variant of size.variants.filter(({ ablation }) => !ablation || scenario.ablated))
      for (const seed of size.seeds) {
        const settings = {
          scenario,
          variant,
          seed,
          layers: size.layers,
          epochs: size.epochs,
          groups: size.groups,
        };
        runs.push(
          await context.results.once(`${scenario.name}-${variant.name}-${seed}`, settings, () =>
            simulate(scenario, variant, seed, size, context.signal),
          ),
        );
      }
  return runs;
}

async function simulate(
  scenario: Scenario,
  variant: Variant,
  seed: number,
  size: SimulationSize,
  signal: AbortSignal,
): Promise<SimulationRun> {
  const world = simulateCounts({
    family: scenario.family,
    ...(scenario.family === 'binomial' && { trials }),
    baseline: scenario.baseline,
    groups: Math.min(scenario.groups, size.groups),
    length,
    events,
    amplitude: { mean: scenario.amplitude ?? amplitude, deviation: (scenario.amplitude ?? amplitude) / 10 },
    seed,
  });
  const truth =
    scenario.family === 'binomial' ? binomialCounts(trials) : poissonCounts(1.2 * largest(world.counts.data));
  const means = Array.from(world.baselines.data, truth.mean);
  const family = variant.gaussian ? gaussianCounts : truth;
  const groups: Groups = { counts: world.counts, baselines: Float32Array.from(means, family.link) };
  const variance = mean(means.map(truth.variance));
  const weight = (scenario.weight ?? 1) * universalWeight(variance, world.codes.shape);
  const layers = Math.max(size.layers, variant.gaussian ? 0 : (scenario.layers ?? 0));
  const network = await networkFor(family, world, weight, layers, seed);
  const watch = stopwatch();
  const filters = network.variables['operator.filters']!;
  const errorsNow = async () =>
    dictionaryError(world.filters, { data: await filters.data(), shape: filters.shape });
  const errors = [Array.from((await errorsNow()).errors)];
  const stages: Stage[] = [
    ...(variant.gradient ? [gradientStage((reach * batchSize) / groups.baselines.length)] : []),
    ...(variant.refit
      ? [
          refitStage(family, groups, {
            dispersion: variant.gaussian ? variance : 1,
            resets: variant.gradient,
          }),
        ]
      : []),
  ];
  for await (const event of train(network, groupBatches(network, groups, batchSize), {
    stages,
    epochs: size.epochs,
    seed,
    signal,
  }))
    if (event.type === 'epoch') errors.push(Array.from((await errorsNow()).errors));
  const seconds = watch.seconds();

  const found = await errorsNow();
  const codes = await codesOfGroups(network, groups, batchSize);
  const spikes = pickSpikes(codes, { radius: Math.floor(filters.shape[0]! / 3) });
  const score = eventScore(world, spikes, found);
  const prediction = await heldOut(network, { truth, family, groups, world, weight, batchSize, seed });
  const learned = { data: await filters.data(), shape: filters.shape };
  network.dispose();
  return {
    scenario: scenario.name,
    variant: variant.name,
    seed,
    layers,
    errors,
    heldOut: prediction,
    ...score,
    filters: {
      truth: columnsOf(world.filters),
      learned: aligned(columnsOf(learned), found),
    },
    seconds,
  };
}

/** σ √(2 ln(C N_e)) with the deviation σ of counts at the baseline: above what noise alone makes of the code's gradient. */
function universalWeight(variance: number, codeShape: readonly number[]): number {
  return Math.sqrt(variance * 2 * Math.log(codeShape[1]! * codeShape[2]!));
}

async function networkFor(
  family: CountFamily,
  world: CountSimulation,
  weight: number,
  layers: number,
  seed: number,
): Promise<Network> {
  const start = closeInitialisation(world.filters, random(seed).split('start'));
  const filters = tf.tensor3d(start.data, start.shape as [number, number, number]);
  const likelihood = family.withBaseline(tf.zeros([batchSize, 1, 1]));
  const prior = l1(new Array<number>(start.shape[2]!).fill(weight), { nonNegative: true });
  try {
    return await dcea({
      filters,
      prior,
      likelihood,
      layers,
      momentum: nesterovMomentum,
      train: ['operator.filters'],
    });
  } finally {
    tf.dispose([filters, { ...likelihood.parameters }, { ...prior.parameters }]);
  }
}

/** The paper's training: the likelihood alone, through the encoder. */
const gradientStage = (rate: number): GradientStage => ({
  name: 'filters',
  train: ['operator.filters'],
  loss: reconstruction(),
  optimizer: adam({ rate }),
});

/** After every epoch: filters refitted on the events found. */
function refitStage(
  family: CountFamily,
  groups: Groups,
  { dispersion, resets }: { readonly dispersion: number; readonly resets: boolean },
): UpdateStage {
  return {
    name: 'refit',
    when: 'epoch',
    update: async ({ network, resetOptimizer }) => {
      const variable = network.variables['operator.filters']!;
      const codes = await codesOfGroups(network, groups, batchSize);
      const filters = { data: (await variable.data()) as Float32Array, shape: variable.shape };
      const fit = await refitOnEvents(family, groups, codes, filters, { dispersion });
      tf.tidy(() => variable.assign(tf.tensor(fit.filters, variable.shape)));
      network.constrain();
      await network.refresh();
      if (resets) resetOptimizer('filters');
      return fit.loss;
    },
  };
}

const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, value), 0);
