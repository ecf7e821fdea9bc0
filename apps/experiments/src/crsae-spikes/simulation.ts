import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import {
  closedFormRate,
  codesOf,
  crsae,
  fixedWeight,
  gammaPrior,
  noiseLevel,
  rateInClosedForm,
  trainCrsae,
  universalWeight,
} from '@unrolled/crsae';
import { closeInitialisation, crsaeSimulation, simulateWindows, type WindowSimulation } from '@unrolled/data';
import { dictionaryError } from '@unrolled/metrics';
import { adam } from '@unrolled/unroll';
import type { ExperimentContext } from '../experiment.ts';

/** What is varied: how gradients go back, and whether filters are recentred and re-seeded after every epoch. */
export interface Variant {
  readonly name: string;
  readonly gradient: 'full' | 'decoder';
  readonly refit: boolean;
}

export const variants: readonly Variant[] = [
  { name: 'through the encoder, recentred', gradient: 'full', refit: true },
  { name: 'through the encoder', gradient: 'full', refit: false },
  { name: 'decoder only', gradient: 'decoder', refit: false },
];

export interface SimulationRun {
  readonly seed: number;
  readonly variant: string;
  /** Shift-aware error of every template, one row an epoch; the first before training. */
  readonly errors: readonly (readonly number[])[];
  readonly losses: readonly number[];
  readonly seconds: number;
}

interface Settings {
  readonly windows: number;
  readonly layers: number;
  readonly epochs: number;
}

const sizes = {
  smoke: { windows: 32, layers: 20, epochs: 1 },
  default: { windows: 320, layers: 150, epochs: 20 },
  paper: { windows: 320, layers: 150, epochs: 20 },
} as const;

export const seedsOf = (size: keyof typeof sizes): readonly number[] =>
  size === 'smoke' ? [1] : [1, 2, 3, 4, 5];

/** The simulation of the field's notes: 3 templates of 18 samples, 16 dB, close initialisation; one run a seed and variant. */
export async function simulations(context: ExperimentContext): Promise<SimulationRun[]> {
  const settings: Settings = sizes[context.size];
  const runs: SimulationRun[] = [];
  for (const variant of context.size === 'smoke' ? variants.slice(0, 1) : variants)
    for (const seed of seedsOf(context.size)) {
      // What is not recentred is run for comparison: eight epochs tell, but at the published size.
      const epochs =
        variant.refit || context.size === 'paper' ? settings.epochs : Math.min(8, settings.epochs);
      const own = { ...settings, epochs };
      runs.push(
        await context.results.once(
          `simulation-${variant.name}-${seed}`,
          { seed, variant, settings: own },
          () => simulate(seed, variant, own, context.signal),
        ),
      );
    }
  return runs;
}

function worldOf(
  seed: number,
  { windows }: Settings,
): { world: WindowSimulation; start: tf.Tensor; weight: number } {
  const world = windows === 320 ? crsaeSimulation({ seed }) : simulateWindows({ seed, windows });
  const close = closeInitialisation(world.filters, random(seed).split('start'));
  const weight = universalWeight({
    noiseDeviation: world.noiseDeviation,
    atoms: world.filters.shape[2]!,
    codeLength: world.codes.shape[1]!,
    multiplier: 2,
  });
  return { world, start: tf.tensor3d(close.data, close.shape as [number, number, number]), weight };
}

async function simulate(
  seed: number,
  variant: Variant,
  settings: Settings,
  signal: AbortSignal,
): Promise<SimulationRun> {
  const { world, start, weight } = worldOf(seed, settings);
  const network = await crsae({ filters: start, weight, layers: settings.layers });
  start.dispose();
  const started = performance.now();
  const filters = network.variables['operator.filters']!;
  const errorsNow = async (): Promise<number[]> =>
    Array.from(dictionaryError(world.filters, { data: await filters.data(), shape: filters.shape }).errors);
  const errors = [await errorsNow()];
  const losses: number[] = [];
  const events = trainCrsae(network, world.signals, {
    noise: noiseLevel(world.noiseDeviation),
    sparsity: fixedWeight,
    optimizer: adam({ rate: 0.01 }),
    gradient: variant.gradient === 'full' ? 'full' : { last: 0 },
    refit: variant.refit,
    epochs: settings.epochs,
    batchSize: 32,
    seed,
    signal,
  });
  for await (const event of events) {
    if (event.type !== 'epoch') continue;
    errors.push(await errorsNow());
    losses.push(event.losses['filters']!);
  }
  network.dispose();
  return { seed, variant: variant.name, errors, losses, seconds: (performance.now() - started) / 1000 };
}

export interface RateRun {
  readonly shared: boolean;
  /** λ after every epoch, one an atom. */
  readonly rates: readonly (readonly number[])[];
  /** The closed form on the codes of all windows at the end. */
  readonly closedForm: readonly number[];
  /** Largest relative distance of the last λ to it. */
  readonly distance: number;
}

/** How many windows the prior of λ weighs as much as. With less than about one, λ runs away until no code is left. */
const priorWindows = 3;

/** λ by EM, per atom and shared, filters held at the truth: where it converges to, against the closed form on all codes. */
export async function rates(context: ExperimentContext): Promise<RateRun[]> {
  const { size } = context;
  const settings: Settings = {
    ...sizes[size],
    layers: size === 'smoke' ? 20 : 100,
    epochs: size === 'smoke' ? 2 : 40,
  };
  const runs: RateRun[] = [];
  for (const shared of [false, true]) {
    runs.push(
      await context.results.once(
        `rate-${shared ? 'shared' : 'per atom'}`,
        { settings, shared, priorWindows },
        () => rateRun(settings, shared, context.signal),
      ),
    );
  }
  return runs;
}

async function rateRun(settings: Settings, shared: boolean, signal: AbortSignal): Promise<RateRun> {
  const { world, start, weight } = worldOf(1, settings);
  start.dispose();
  const noise = noiseLevel(world.noiseDeviation);
  const variance = noise.deviation ** 2;
  const codeLength = world.codes.shape[1]!;
  const prior = gammaPrior({ mean: weight / variance, windows: priorWindows, codeLength });
  const truth = tf.tensor3d(world.filters.data, world.filters.shape as [number, number, number]);
  const network = await crsae({ filters: truth, weight, layers: settings.layers });
  truth.dispose();
  const history: number[][] = [];
  const events = trainCrsae(network, world.signals, {
    noise,
    sparsity: rateInClosedForm({ prior, shared, smoothing: 0.9 }),
    // The filters stay: λ alone is looked at.
    optimizer: adam({ rate: 1e-12 }),
    gradient: { last: 0 },
    refit: false,
    epochs: settings.epochs,
    batchSize: 32,
    signal,
  });
  const variable = network.variables['prior.weight']!;
  for await (const event of events) {
    if (event.type === 'epoch') history.push(Array.from(await variable.data(), (value) => value / variance));
  }
  const codes = await codesOf(network, world.signals);
  const [examples, , atoms] = codes.shape as [number, number, number];
  const means = new Float64Array(atoms);
  codes.data.forEach((value, index) => {
    means[index % atoms]! += Math.abs(value) / examples;
  });
  const closedForm = Array.from(closedFormRate(means, { codeLength, prior, shared }));
  const last = history.at(-1)!;
  network.dispose();
  return {
    shared,
    rates: history,
    closedForm,
    distance: Math.max(...last.map((rate, atom) => Math.abs(rate / closedForm[atom]! - 1))),
  };
}
