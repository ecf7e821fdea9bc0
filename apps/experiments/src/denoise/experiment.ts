import { setMaxListeners } from 'node:events';
import { useBackend } from '@unrolled/backend';
import { whiteNoise } from '@unrolled/denoising';
import { defineTask } from '@unrolled/parallel';
import { workerThreads } from '@unrolled/parallel/node';
import type { Experiment, ExperimentContext } from '../experiment.ts';
import { loadPictures, type PictureAlbum } from '../pictures/album.ts';
import { middle, type StoredPicture, storePicture } from '../pictures/comparison-sheet.ts';
import { type NoisyPicture, noisySet } from '../pictures/noisy-set.ts';
import { type PeerScores, type PictureMethod, runPicturePeer } from '../pictures/peers.ts';
import { type PictureScore, scorePicture } from '../pictures/scores.ts';
import { runJobs } from '../pictures/trainings.ts';
import type { Job, JobResult } from './job.ts';
import { page } from './page.ts';
import { deviation, type Plan, plans } from './plan.ts';
import { variants } from './variants.ts';

const parts = ['networks', 'peers'] as const;
/** As many as the half hour of the default size is meant for. */
const threads = 2;

const peers: readonly PictureMethod[] = ['bm3d', 'wavelets', 'nl-means', 'sporco', 'cnn'];

const jobTask = defineTask<undefined, Job, JobResult>({
  module: new URL('./job.js', import.meta.url),
  name: 'jobs',
});

/** A peer, and the middles of its pictures. */
export type ShownPeer = PeerScores & { readonly seen: readonly StoredPicture[] };

/** Everything that was measured; parts that were not run are missing. */
export interface Results {
  readonly size: string;
  readonly device: string;
  readonly origin: string;
  readonly plan: Plan;
  /** Clean and noisy middles of the test pictures, and how near the noisy pictures are. */
  readonly tests: {
    readonly clean: readonly StoredPicture[];
    readonly noisy: readonly StoredPicture[];
    readonly scores: readonly PictureScore[];
  };
  readonly networks?: readonly JobResult[];
  readonly peers?: readonly ShownPeer[];
}

/** CRsAE on photographs under Gaussian noise, tied and untied, beside denoisers of others. */
export const denoiseExperiment: Experiment = {
  name: 'denoise',
  purpose:
    'CRsAE on pictures under Gaussian noise: λ by EM, by backpropagation, fixed; beside BM3D and others',
  parts,
  run: async (context): Promise<Record<string, unknown>> => {
    const { size, seed, wanted, dataFolder, signal } = context;
    const plan = plans[size];
    const { device } = await useBackend('wasm');
    const pictureFolder = size === 'smoke' ? undefined : dataFolder;
    const album = await loadPictures(pictureFolder);
    const tests = noisySet(album.test, { noise: whiteNoise(deviation), draws: 1, seed, side: plan.tested });
    // Every job that waits listens for an abort.
    setMaxListeners(0, signal);
    const networks = wanted('networks') ? await trainAll(context, plan, pictureFolder) : undefined;
    const found = wanted('peers') ? await comparePeers(context, plan, album, tests) : undefined;
    const shown = (of: (test: NoisyPicture) => NoisyPicture['clean']): StoredPicture[] =>
      tests.map((test) => storePicture(of(test), middle(test.clean, plan.shown)));
    const results: Results = {
      size,
      device,
      origin: album.origin,
      plan,
      tests: {
        clean: shown(({ clean }) => clean),
        noisy: shown(({ noisy }) => noisy),
        scores: tests.map((test) => scorePicture(test, test.noisy)),
      },
      ...(networks && { networks }),
      ...(found && found.length > 0 && { peers: found }),
    };
    return { ...results };
  },
  page: (results, command) => page(results as unknown as Results, command),
};

/** Every network from every seed; those of one seed together, so that a run that is stopped has whole comparisons. */
async function trainAll(
  context: ExperimentContext,
  { recipe, fromNoise, seeds, tested, shown }: Plan,
  dataFolder: string | undefined,
): Promise<JobResult[]> {
  const executor = workerThreads({ threads });
  try {
    const jobs = Array.from({ length: seeds }, (_, seed) => seed).flatMap((seed) =>
      variants.map((variant) => ({
        name: `${variant.name}, seed ${seed}`,
        job: {
          variant,
          recipe: variant.start ? { ...recipe, ...fromNoise } : recipe,
          seed,
          testSeed: context.seed,
          dataFolder,
          tested,
          shown,
        },
      })),
    );
    return await runJobs(context, executor, jobTask, jobs);
  } finally {
    await executor.close();
  }
}

async function comparePeers(
  context: ExperimentContext,
  { peerSeconds, shown }: Plan,
  { train }: PictureAlbum,
  test: readonly NoisyPicture[],
): Promise<ShownPeer[]> {
  const task = {
    noise: whiteNoise(deviation),
    train,
    test,
    learning: peerSeconds,
    clock: 'processor',
    seed: context.seed,
  } as const;
  const found: ShownPeer[] = [];
  for (const method of peers) {
    const peer = await runPicturePeer(context, method, task, (estimates) =>
      estimates.map((estimate) => storePicture(estimate, middle(estimate, shown))),
    );
    if (peer) found.push(peer);
  }
  return found;
}
