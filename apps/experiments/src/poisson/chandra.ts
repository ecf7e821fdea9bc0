import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { random } from '@unrolled/contracts';
import { shotNoise } from '@unrolled/denoising';
import { type NdArray, parseNpy } from '@unrolled/formats';
import { encodePng, type Image, image, imageSheet } from '@unrolled/images';
import { defineTask, type Executor } from '@unrolled/parallel';
import type { ExperimentContext } from '../experiment.ts';
import { estimatesOf } from '../pictures/peers.ts';
import type { ChandraJob, ChandraResult } from './chandra-job.ts';
import type { JobResult } from './job.ts';
import { halvePhotons, likelihoodGain, smoothed } from './photons.ts';
import type { Plan } from './plan.ts';

const task = defineTask<undefined, ChandraJob, ChandraResult>({
  module: new URL('./chandra-job.js', import.meta.url),
  name: 'chandraJobs',
});

/** How much every denoiser, given one half of the photons, knows of the other: nats a photon, one number for every halving. */
export interface ChandraScores {
  readonly photons: number;
  readonly gains: { readonly [denoiser: string]: readonly number[] };
  /** Where the sheet was written: the picture may be looked at, and not be published here. */
  readonly sheet: string;
}

const file = 'poisson/chandra_G21.5-0.9_counts.npy';
/** How often all photons are halved. */
const halvings = 3;
/** Widths of a Gaussian, of which the best is taken, told by the other half itself: more than any other is told. Pixels. */
const widths = [1, 1.5, 2, 2.5, 3, 4];

/** Denoises one half of the photons of an X-ray picture and asks the other half. Undefined where the picture is missing. */
export async function denoiseChandra(
  context: ExperimentContext,
  executor: Executor,
  {
    plan,
    networks,
    dataFolder,
  }: { readonly plan: Plan; readonly networks: readonly JobResult[]; readonly dataFolder: string },
): Promise<ChandraScores | undefined> {
  const { results, seed, signal, log, python } = context;
  const counts = await readCounts(join(dataFolder, file));
  if (counts === undefined) {
    log(`chandra: skipped (no ${file})`);
    return undefined;
  }
  const recipe = plan.recipes.at(-1)!;
  const network = networks.find(
    ({ weights, peak, seed: own }) => weights === 'untied' && peak === recipe.peak && own === 0,
  )!;
  const settings = { recipe, seed, adaptation: plan.adaptation, halvings, peers: python !== undefined };
  return results.once('chandra', settings, async () => {
    const started = await executor.start(task, undefined);
    const gains: Record<string, number[]> = {};
    const rows: Image[][] = [];
    for (let halving = 0; halving < halvings; halving++) {
      const { first, second } = halvePhotons(counts, random(seed).split('chandra').split(halving));
      const job = {
        counts: { data: first.data, height: first.height, width: first.width },
        network: { path: network.path, weights: network.weights },
        recipe,
        adaptation: plan.adaptation,
        seed: halving,
      };
      const ours = await started.run(job, { signal, transfer: [] });
      const theirs =
        python === undefined
          ? undefined
          : await estimatesOf(context, python, 'bm3d', {
              noise: shotNoise(recipe.peak),
              train: [],
              noisy: [first],
              learning: 0,
              seed,
            });
      const blurred = widths
        .map((width) => smoothed(first, width))
        .reduce((best, next) => (likelihoodGain(next, second) > likelihoodGain(best, second) ? next : best));
      const estimates: { readonly [denoiser: string]: Image | undefined } = {
        'DCEA, untied, taught by halves of these photons': asImage(ours.adapted, counts),
        [`DCEA, untied, as trained on photographs at peak ${recipe.peak}`]: asImage(ours.trained, counts),
        'Anscombe + BM3D': theirs?.estimates[0],
        'Gaussian, the best width': blurred,
      };
      for (const [name, estimate] of Object.entries(estimates))
        if (estimate) (gains[name] ??= []).push(likelihoodGain(estimate, second));
      rows.push([first, ...Object.values(estimates).filter((estimate) => estimate !== undefined)]);
    }
    await started.stop();
    const sheet = join(results.folder, 'chandra.png');
    await writeFile(
      sheet,
      encodePng(imageSheet([rows[0]!.map((picture) => ({ picture: stretched(picture) }))], { scale: 2 })),
    );
    return { photons: counts.data.reduce((sum, count) => sum + count, 0), gains, sheet };
  });
}

async function readCounts(path: string): Promise<Image | undefined> {
  try {
    const { data, shape } = parseNpy(await readFile(path)) as NdArray<'int16'>;
    const [height, width] = shape as [number, number];
    return image(Float32Array.from(data), { height, width });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const asImage = (values: readonly number[], { height, width }: Image): Image =>
  image(Float32Array.from(values), { height, width });

/** North up, and what is faint made visible: the rows of a FITS file begin at the bottom, and its counts span four decades. */
function stretched({ data, height, width }: Image): Image {
  const faint = 0.2;
  const bright = Math.asinh(20 / faint);
  return image(
    data.map((_, pixel) => {
      const [row, column] = [Math.floor(pixel / width), pixel % width];
      return Math.asinh(Math.max(0, data[(height - 1 - row) * width + column]!) / faint) / bright;
    }),
    { height, width },
  );
}
