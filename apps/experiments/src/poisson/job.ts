import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type DceaWeights, trainDcea } from '@unrolled/dcea';
import { noisyCrops, shotNoise } from '@unrolled/denoising';
import { crop } from '@unrolled/images';
import { psnr } from '@unrolled/metrics';
import type { TaskRunner } from '@unrolled/parallel';
import {
  adam,
  clipped,
  type Optimizer,
  saveNetwork,
  shiftAveraged,
  type TrainingEvent,
} from '@unrolled/unroll';
import { fileStore } from '@unrolled/unroll/node';
import type { PictureAlbum } from '../pictures/album.ts';
import { middle, type StoredPicture, storePicture } from '../pictures/comparison-sheet.ts';
import type { CurvePoint } from '../pictures/curve.ts';
import { type LearnedAtoms, learnedAtoms, round } from '../pictures/learned-atoms.ts';
import { inPicture, noisySet } from '../pictures/noisy-set.ts';
import { pictureJobs } from '../pictures/picture-jobs.ts';
import { reconstructPicture } from '../pictures/reconstruct-picture.ts';
import { type PictureScore, scorePicture } from '../pictures/scores.ts';
import { networkOf, type PhotonNetwork } from './network.ts';
import type { Recipe } from './plan.ts';

/** One network, trained from one seed and tested. Plain data, for a worker. */
export interface Job {
  readonly weights: DceaWeights;
  readonly recipe: Recipe;
  /** Of the first filters, the crops and their noise. */
  readonly seed: number;
  /** Of the noise of the test pictures: all networks and peers see the same. */
  readonly testSeed: number;
  readonly draws: number;
  /** Pixels on a side of the middles that are tested; undefined: whole pictures. */
  readonly tested: number | undefined;
  /** Where the pictures are; undefined: they are drawn. */
  readonly dataFolder: string | undefined;
  /** Pixels on a side of what is shown, and of what the curve is measured on. */
  readonly shown: number;
  /** Where checkpoints and trained networks are kept. */
  readonly folder: string;
}

export interface JobResult extends LearnedAtoms {
  readonly weights: DceaWeights;
  readonly peak: number;
  readonly seed: number;
  /** Numbers that were learned. */
  readonly parameters: number;
  readonly scores: readonly PictureScore[];
  readonly curve: readonly CurvePoint[];
  /** b of every atom after training. */
  readonly biases: readonly number[];
  /** Middles of the test pictures of the first draw, denoised. */
  readonly shown: readonly StoredPicture[];
  /** Wall clock, and what the processor gave to training. */
  readonly seconds: { readonly training: number; readonly testing: number; readonly processor: number };
  /** The trained network, `.safetensors`. */
  readonly path: string;
}

/** Jobs in a worker. */
export const jobs = (): Promise<TaskRunner<Job, JobResult>> => pictureJobs(runJob);

async function runJob(album: PictureAlbum, job: Job, signal?: AbortSignal): Promise<JobResult> {
  const { recipe, weights, seed, draws, tested, testSeed } = job;
  const { peak, crop: side } = recipe;
  const network = await networkOf(recipe, weights, seed);
  try {
    const averaged = shiftAveraged(network);
    const tests = noisySet(album.test, { noise: shotNoise(peak), draws, seed: testSeed, side: tested });
    const first = tests.filter(({ draw }) => draw === 0);
    const probes = first.map((test) => {
      const box = middle(test.clean, job.shown);
      return { ...test, clean: crop(test.clean, box), noisy: crop(test.noisy, box) };
    });
    const started = performance.now();
    let processor = -threadSeconds();
    const curve: CurvePoint[] = [];
    for await (const event of training(network, album, job, signal)) {
      if (event.type !== 'epoch') continue;
      const before = threadSeconds();
      const gains = probes.map((probe) =>
        psnr(probe.clean.data, inPicture(probe, reconstructPicture(averaged, probe.noisy)).data),
      );
      curve.push({
        step: event.step,
        // The loss is half the sum over a crop, in counts.
        error: round(Math.sqrt((2 * event.losses['network']!) / side ** 2) / peak),
        psnr: round(gains.reduce((sum, value) => sum + value, 0) / gains.length),
      });
      // Watching is not training.
      processor -= threadSeconds() - before;
    }
    const trained = performance.now();
    processor += threadSeconds();
    const estimates = tests.map(({ noisy }) => reconstructPicture(averaged, noisy));
    const seconds = {
      training: (trained - started) / 1000,
      testing: (performance.now() - trained) / 1000,
      processor,
    };
    const path = `${pathOf(job)}.safetensors`;
    await mkdir(job.folder, { recursive: true });
    await fileStore(path).write(await saveNetwork(network));
    return {
      weights,
      peak,
      seed,
      parameters: network.trainable.reduce((sum, { size }) => sum + size, 0),
      scores: tests.map((test, index) => scorePicture(test, estimates[index]!)),
      curve,
      biases: Array.from(await network.variables['prior.weight']!.data(), round),
      ...(await learnedAtoms(network, probes[0]!.noisy)),
      shown: first.map((test, index) =>
        storePicture(inPicture(test, estimates[index]!), middle(test.clean, job.shown)),
      ),
      seconds,
      path,
    };
  } finally {
    network.dispose();
  }
}

const pathOf = ({ folder, recipe, weights, seed }: Job): string =>
  join(folder, `network-${weights}-peak-${recipe.peak}-seed-${seed}`);

function training(
  network: PhotonNetwork,
  { train }: PictureAlbum,
  { recipe, seed }: Job,
  signal: AbortSignal | undefined,
): AsyncGenerator<TrainingEvent, void, void> {
  const { peak, steps, every, batch, crop, shifts, rate } = recipe;
  const crops = noisyCrops(
    train.map(({ picture }) => picture),
    { height: crop, width: crop, noise: shotNoise(peak), batchSize: batch, batches: every },
  );
  return trainDcea(network, crops, {
    on: 'targets',
    shifts,
    optimizer: optimizerOf(recipe, rate, steps),
    epochs: Math.round(steps / every),
    seed,
    ...(signal && { signal }),
  });
}

/** What the processor has given to this thread so far, seconds; the time that passed where it is not told. */
function threadSeconds(): number {
  try {
    // Behind the name in brackets, which may have spaces: state, then numbers, of which two are ticks of a hundredth.
    const stat = readFileSync('/proc/thread-self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return performance.now() / 1000;
  }
}

/** Adam at a rate that falls over so many updates. */
export function optimizerOf({ epsilon, clip }: Recipe, rate: number, steps: number): Optimizer {
  const plain = adam({ rate: falling(rate, steps), epsilon });
  return clip === undefined ? plain : clipped(plain, clip);
}

/** Half a cosine, down to a fiftieth. */
export const falling =
  (rate: number, steps: number) =>
  (step: number): number =>
    rate * Math.max(0.02, (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps)) / 2);
