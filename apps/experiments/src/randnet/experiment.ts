import { join } from 'node:path';
import { useBackend } from '@unrolled/backend';
import type { Experiment, ExperimentContext } from '../experiment.ts';
import { type Pictures, readIdxPictures } from '../pictures/idx-pictures.ts';
import { classify, type DigitResult, type Halves, learnDigits, shown } from './digits.ts';
import type { Digits } from './encode-digits.ts';
import { page } from './page.ts';
import { type Plan, plans } from './plan.ts';
import { recover, type SimulationResult } from './simulated.ts';

const parts = ['simulated', 'digits'] as const;

/** Digits by their codes, at every compression, and by their pixels. */
export interface DigitsResult {
  readonly digits: Halves<number>;
  readonly compressions: readonly DigitResult[];
  /** The same classifier of the pixels themselves, all 784. */
  readonly pixels: Halves<number>;
  /** The first test digits `[pixels]`. */
  readonly shown: readonly (readonly number[])[];
}

/** Everything that was measured; parts that were not run are missing. */
export interface Results {
  readonly size: string;
  readonly seed: number;
  readonly device: string;
  readonly plan: Plan;
  readonly simulated?: readonly SimulationResult[];
  readonly digits?: DigitsResult;
}

/** Dictionaries from compressed measurements, as a composition of operators. */
export const randnetExperiment: Experiment = {
  name: 'randnet',
  purpose: 'RandNet learns dictionaries from compressed measurements, and tells compressed digits apart',
  parts,
  run: async (context): Promise<Record<string, unknown>> => {
    const { size, seed, wanted, results, signal } = context;
    const { device } = await useBackend('wasm');
    const plan = plans[size];
    const simulated: SimulationResult[] = [];
    if (wanted('simulated'))
      for (const matrices of plan.simulation.matrices)
        simulated.push(
          await results.once(`simulated ${matrices}`, { ...plan.simulation, matrices, seed }, () =>
            recover(plan.simulation, matrices, { seed, signal }),
          ),
        );
    const digits = wanted('digits') ? await runDigits(context, plan) : undefined;
    const found: Results = {
      size,
      seed,
      device,
      plan,
      ...(simulated.length > 0 && { simulated }),
      ...(digits && { digits }),
    };
    return { ...found };
  },
  page: (results, command) => page(results as unknown as Results, command),
};

async function runDigits(
  { size, dataFolder, log, results, seed, signal }: ExperimentContext,
  plan: Plan,
): Promise<DigitsResult | undefined> {
  if (plan.digits.length === 0 || dataFolder === undefined) {
    log(
      `digits: skipped (${dataFolder === undefined ? 'no data folder with MNIST' : `the size is ${size}`})`,
    );
    return undefined;
  }
  const digits: Halves<Digits> = {
    train: digitsOf(await readIdxPictures(join(dataFolder, 'mnist'), 'train'), plan.training),
    test: digitsOf(await readIdxPictures(join(dataFolder, 'mnist'), 'test')),
  };
  const { training } = plan;
  const { steps } = plan.digits[0]!;
  const pixels = await results.once('digits pixels', { training, steps }, () =>
    classify({ train: digits.train.pixels, test: digits.test.pixels }, digits, steps),
  );
  const compressions: DigitResult[] = [];
  for (const settings of plan.digits)
    compressions.push(
      await results.once(`digits ${settings.measurements}`, { ...settings, training, seed }, () =>
        learnDigits(digits, settings, { seed, signal }),
      ),
    );
  const { data, shape } = digits.test.pixels;
  return {
    digits: { train: digits.train.labels.length, test: digits.test.labels.length },
    compressions,
    pixels,
    shown: Array.from({ length: shown }, (_, digit) =>
      Array.from(data.subarray(digit * shape[1]!, (digit + 1) * shape[1]!)),
    ),
  };
}

/** The first pictures as rows. */
export function digitsOf({ images, labels }: Pictures, most = images.length): Digits {
  const size = images[0]!.data.length;
  const count = Math.min(most, images.length);
  const data = new Float32Array(count * size);
  images.slice(0, count).forEach((picture, row) => {
    data.set(picture.data, row * size);
  });
  return { pixels: { data, shape: [count, size] }, labels: labels.slice(0, count) };
}
