import { useBackend } from '@unrolled/backend';
import { simulateMoons } from '@unrolled/data';
import type { Experiment, ExperimentContext } from '../experiment.ts';
import { classes, loadDigits } from './digits.ts';
import { page } from './page.ts';
import { clusteringPeers, type PeerResult } from './peers.ts';
import { type Plan, plans } from './plan.ts';
import { type Labelled, runTrial, type TrialResult } from './trial.ts';

const parts = ['moons', 'digits'] as const;

/** Some examples, in clusters by K-Deep Simplex and by others. */
export interface PartResult {
  readonly examples: { readonly train: number; readonly test: number };
  readonly trials: readonly TrialResult[];
  readonly peers?: readonly PeerResult[];
}

/** Everything that was measured; parts that were not run are missing. */
export interface Results {
  readonly size: string;
  readonly seed: number;
  readonly device: string;
  readonly plan: Plan;
  readonly moons?: PartResult;
  readonly digits?: PartResult;
}

/** Manifolds by landmarks: two moons, and handwritten digits. */
export const kdsExperiment: Experiment = {
  name: 'kds',
  purpose: 'K-Deep Simplex tells two moons and five digits apart, beside spectral clustering',
  parts,
  run: async (context): Promise<Record<string, unknown>> => {
    const { size, seed, wanted } = context;
    const { device } = await useBackend('wasm');
    const plan = plans[size];
    const moons = wanted('moons') ? await runMoons(context, plan) : undefined;
    const digits = wanted('digits') ? await runDigits(context, plan) : undefined;
    const results: Results = { size, seed, device, plan, ...(moons && { moons }), ...(digits && { digits }) };
    return { ...results };
  },
  page: (results, command) => page(results as unknown as Results, command),
};

async function runMoons(context: ExperimentContext, { moons }: Plan): Promise<PartResult> {
  const trials: TrialResult[] = [];
  const drawn = (seed: number): { train: Labelled; test: Labelled } => {
    const [train, test] = [0, 1].map((half) => {
      const { points, labels } = simulateMoons({ points: moons.points, seed: 2 * seed + half });
      return { examples: points, labels: labels.data };
    });
    return { train: train!, test: test! };
  };
  for (const { training, seeds } of moons.trainings)
    for (let turn = 0; turn < seeds; turn++) {
      const { signal, seed, results } = context;
      const settings = { ...moons, trainings: training, seed: seed + turn };
      const compute = () =>
        runTrial({ ...drawn(seed + turn), classes: 2 }, moons, training, { seed: seed + turn, signal });
      trials.push(await results.once(`moons ${training.landmarks} ${turn}`, settings, compute));
    }
  const peers = await clusteringPeers(context, 'moons', drawn(context.seed).train, 2);
  return { examples: { train: moons.points, test: moons.points }, trials, ...(peers && { peers }) };
}

async function runDigits(context: ExperimentContext, { digits }: Plan): Promise<PartResult | undefined> {
  const { size, dataFolder, log, results, seed, signal } = context;
  if (size === 'smoke') {
    log('digits: skipped (the size is smoke)');
    return undefined;
  }
  const data = dataFolder === undefined ? undefined : await loadDigits(dataFolder);
  if (data === undefined) {
    log('digits: skipped (no data folder with MNIST)');
    return undefined;
  }
  const trials: TrialResult[] = [];
  for (const training of digits.trainings) {
    const settings = { ...digits, trainings: training, seed };
    const compute = () => runTrial({ ...data, classes: classes.length }, digits, training, { seed, signal });
    trials.push(await results.once(`digits ${training.landmarks}`, settings, compute));
  }
  const peers = await clusteringPeers(context, 'digits', data.train, classes.length);
  const [train, test] = [data.train.labels.length, data.test.labels.length];
  return { examples: { train, test }, trials, ...(peers && { peers }) };
}
