import { useBackend } from '@unrolled/backend';
import { whiteNoise } from '@unrolled/denoising';
import type { Experiment, ExperimentContext } from '../experiment.ts';
import { loadPictures } from '../pictures/album.ts';
import { middle, type StoredPicture, storePicture } from '../pictures/comparison-sheet.ts';
import { noisySet } from '../pictures/noisy-set.ts';
import { type PictureScore, scorePicture } from '../pictures/scores.ts';
import { compared, type Denoised, deviation, trainDenoiser } from './denoising.ts';
import { type LearningResult, learn } from './learning.ts';
import { type LimitsResult, measureLimits } from './limits.ts';
import { page } from './page.ts';
import type { Learning, Plan } from './plan.ts';
import { plans } from './sizes.ts';

const parts = ['limits', 'dictionaries', 'bias', 'denoising'] as const;

/** Pictures denoised by both gradients at every weight. */
export interface DenoisingResult {
  readonly origin: string;
  readonly networks: readonly Denoised[];
  /** Middles of the test pictures, and how near the noisy ones are. */
  readonly clean: readonly StoredPicture[];
  readonly noisy: readonly StoredPicture[];
  readonly scores: readonly PictureScore[];
}

/** Everything that was measured; parts that were not run are missing. */
export interface Results {
  readonly size: string;
  readonly seed: number;
  readonly device: string;
  readonly plan: Plan;
  readonly limits?: LimitsResult;
  readonly dictionaries?: readonly LearningResult[];
  readonly bias?: readonly LearningResult[];
  readonly denoising?: DenoisingResult;
}

/** The three gradients of unrolled dictionary learning: where they go, what they learn, and how the lasso's bias is lost. */
export const pudleExperiment: Experiment = {
  name: 'pudle',
  purpose: 'PUDLE: limits of three gradients, dictionaries that they learn, the bias of λ, beside NOODL',
  parts,
  run: async (context): Promise<Record<string, unknown>> => {
    const { size, seed, wanted, results, signal } = context;
    const { device } = await useBackend('wasm');
    const plan = plans[size];
    const limits = wanted('limits')
      ? await results.once('limits', { ...plan.limits, seed }, () =>
          measureLimits(plan.limits, { seed, signal }),
        )
      : undefined;
    const dictionaries = wanted('dictionaries') ? await learnAll(context, plan.dictionaries) : undefined;
    const bias = wanted('bias') ? await learnAll(context, plan.bias) : undefined;
    const denoising = wanted('denoising') ? await denoiseAll(context, plan) : undefined;
    const found: Results = {
      size,
      seed,
      device,
      plan,
      ...(limits && { limits }),
      ...(dictionaries && { dictionaries }),
      ...(bias && { bias }),
      ...(denoising && { denoising }),
    };
    return { ...found };
  },
  page: (results, command) => page(results as unknown as Results, command),
};

async function learnAll(
  { results, seed, signal }: ExperimentContext,
  learnings: readonly Learning[],
): Promise<LearningResult[]> {
  const found: LearningResult[] = [];
  for (const learning of learnings) {
    const { method, encoder, world } = learning;
    const name = `${method}, T = ${encoder.layers}, ${world.features} x ${world.atoms}, s = ${world.active}`;
    found.push(await results.once(name, { ...learning, seed }, () => learn(learning, { seed, signal })));
  }
  return found;
}

async function denoiseAll(
  { size, seed, results, signal, dataFolder }: ExperimentContext,
  { denoising }: Plan,
): Promise<DenoisingResult> {
  const album = await loadPictures(size === 'smoke' ? undefined : dataFolder);
  const tests = noisySet(album.test, {
    noise: whiteNoise(deviation),
    draws: 1,
    seed,
    side: denoising.tested,
  });
  const networks: Denoised[] = [];
  for (const step of denoising.steps)
    for (const weight of denoising.weights)
      for (const estimator of compared) {
        const variant = { estimator, weight, step };
        networks.push(
          await results.once(
            `denoising, ${estimator}, ${weight}, ${step}`,
            { ...denoising, ...variant, origin: album.origin, seed },
            () => trainDenoiser(variant, denoising, album, tests, { seed, signal }),
          ),
        );
      }
  const shown = (of: (test: (typeof tests)[number]) => (typeof tests)[number]['clean']): StoredPicture[] =>
    tests.map((test) => storePicture(of(test), middle(test.clean, denoising.shown)));
  return {
    origin: album.origin,
    networks,
    clean: shown(({ clean }) => clean),
    noisy: shown(({ noisy }) => noisy),
    scores: tests.map((test) => scorePicture(test, test.noisy)),
  };
}
