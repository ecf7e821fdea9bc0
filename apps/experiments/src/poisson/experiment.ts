import { setMaxListeners } from 'node:events';
import { useBackend } from '@unrolled/backend';
import { shotNoise } from '@unrolled/denoising';
import { defineTask, type Executor } from '@unrolled/parallel';
import { workerThreads } from '@unrolled/parallel/node';
import type { Experiment, ExperimentContext } from '../experiment.ts';
import { loadPictures, type PictureAlbum } from '../pictures/album.ts';
import { middle, type StoredPicture, storePicture } from '../pictures/comparison-sheet.ts';
import { inPicture, type NoisyPicture, noisySet } from '../pictures/noisy-set.ts';
import { type PeerScores, type PictureMethod, runPicturePeer } from '../pictures/peers.ts';
import { type PictureScore, scorePicture } from '../pictures/scores.ts';
import { runJobs } from '../pictures/trainings.ts';
import { type ChandraScores, denoiseChandra } from './chandra.ts';
import type { Job, JobResult } from './job.ts';
import { page } from './page.ts';
import { type Plan, plans } from './plan.ts';

const parts = ['networks', 'peers', 'chandra'] as const;
/** As many as the half hour of the default size is meant for. */
const threads = 2;

const peers: readonly PictureMethod[] = ['bm3d', 'wavelets', 'nl-means', 'cnn'];

const jobTask = defineTask<undefined, Job, JobResult>({
  module: new URL('./job.js', import.meta.url),
  name: 'jobs',
});

/** A peer at one peak, and the middles of its pictures. */
export type ShownPeer = PeerScores & { readonly peak: number; readonly seen: readonly StoredPicture[] };

/** The test pictures at one peak: clean and noisy middles of the first draw, and how near the noisy pictures are. */
export interface ShownTests {
  readonly peak: number;
  readonly clean: readonly StoredPicture[];
  readonly noisy: readonly StoredPicture[];
  readonly scores: readonly PictureScore[];
}

/** Everything that was measured; parts that were not run are missing. */
export interface Results {
  readonly size: string;
  readonly device: string;
  readonly origin: string;
  readonly plan: Plan;
  readonly tests: readonly ShownTests[];
  readonly networks?: readonly JobResult[];
  readonly peers?: readonly ShownPeer[];
  readonly chandra?: ChandraScores;
}

/** DCEA on photographs of few photons, tied and untied, beside denoisers of others; and on an X-ray picture. */
export const poissonExperiment: Experiment = {
  name: 'poisson',
  purpose: 'DCEA on pictures of few photons, tied and untied, beside BM3D and others; an X-ray picture',
  parts,
  run: async (context): Promise<Record<string, unknown>> => {
    const { size, seed, wanted, dataFolder, signal } = context;
    const plan = plans[size];
    const { device } = await useBackend('wasm');
    const pictureFolder = size === 'smoke' ? undefined : dataFolder;
    const album = await loadPictures(pictureFolder);
    const tests = plan.recipes.map(({ peak }) =>
      noisySet(album.test, { noise: shotNoise(peak), draws: plan.draws, seed, side: plan.tested }),
    );
    // Every job that waits listens for an abort.
    setMaxListeners(0, signal);
    const executor = workerThreads({ threads });
    try {
      // The X-ray picture needs the networks, and the CNN is given the time that they took.
      const networks = await trainAll(context, executor, plan, pictureFolder);
      const found = wanted('peers')
        ? await comparePeers(context, { plan, album, tests, networks })
        : undefined;
      const chandra =
        wanted('chandra') && pictureFolder !== undefined
          ? await denoiseChandra(context, executor, { plan, networks, dataFolder: pictureFolder })
          : undefined;
      const results: Results = {
        size,
        device,
        origin: album.origin,
        plan,
        tests: tests.map((set, index) => shownTests(set, plan.recipes[index]!.peak, plan.shown)),
        networks,
        ...(found && found.length > 0 && { peers: found }),
        ...(chandra && { chandra }),
      };
      return { ...results };
    } finally {
      await executor.close();
    }
  },
  page: (results, command) => page(results as unknown as Results, command),
};

function shownTests(tests: readonly NoisyPicture[], peak: number, side: number): ShownTests {
  const first = tests.filter(({ draw }) => draw === 0);
  const show = (of: (test: NoisyPicture) => NoisyPicture['clean']): StoredPicture[] =>
    first.map((test) => storePicture(of(test), middle(test.clean, side)));
  return {
    peak,
    clean: show(({ clean }) => clean),
    noisy: show((test) => inPicture(test, test.noisy)),
    scores: tests.map((test) => scorePicture(test, test.noisy)),
  };
}

/** Every network from every seed; untied ones take longer, and begin. */
function trainAll(
  context: ExperimentContext,
  executor: Executor,
  { recipes, seeds, shown, draws, tested }: Plan,
  dataFolder: string | undefined,
): Promise<JobResult[]> {
  const jobs = Array.from({ length: seeds }, (_, seed) => seed).flatMap((seed) =>
    (['untied', 'tied'] as const).flatMap((weights) =>
      recipes.map((recipe) => ({
        name: `${weights}, peak ${recipe.peak}, seed ${seed}`,
        job: {
          weights,
          recipe,
          seed,
          testSeed: context.seed,
          draws,
          tested,
          dataFolder,
          shown,
          folder: context.results.folder,
        },
      })),
    ),
  );
  return runJobs(context, executor, jobTask, jobs);
}

async function comparePeers(
  context: ExperimentContext,
  {
    plan,
    album,
    tests,
    networks,
  }: {
    readonly plan: Plan;
    readonly album: PictureAlbum;
    readonly tests: readonly (readonly NoisyPicture[])[];
    readonly networks: readonly JobResult[];
  },
): Promise<ShownPeer[]> {
  const learning =
    plan.peerSeconds ?? Math.round(Math.max(...networks.map(({ seconds }) => seconds.processor)));
  const found: ShownPeer[] = [];
  for (const [index, { peak }] of plan.recipes.entries()) {
    const test = tests[index]!;
    const task = {
      noise: shotNoise(peak),
      train: album.train,
      test,
      learning,
      clock: 'processor' as const,
      seed: context.seed,
    };
    for (const method of peers) {
      const peer = await runPicturePeer(context, method, task, (estimates) =>
        test.flatMap((picture, at) =>
          picture.draw === 0
            ? [storePicture(inPicture(picture, estimates[at]!), middle(picture.clean, plan.shown))]
            : [],
        ),
      );
      if (peer) found.push({ ...peer, peak });
    }
  }
  return found;
}
