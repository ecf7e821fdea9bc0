import { random } from '@unrolled/contracts';
import { type Crsae, crsae, noiseLevel, trainCrsae } from '@unrolled/crsae';
import { noisyCrops, whiteNoise } from '@unrolled/denoising';
import { crop } from '@unrolled/images';
import { psnr } from '@unrolled/metrics';
import type { TaskRunner } from '@unrolled/parallel';
import { adam, randomShifts, type ShiftAveraged, shiftAveraged, type TrainingEvent } from '@unrolled/unroll';
import type { PictureAlbum } from '../pictures/album.ts';
import { middle, type StoredPicture, storePicture } from '../pictures/comparison-sheet.ts';
import type { CurvePoint } from '../pictures/curve.ts';
import { type LearnedAtoms, learnedAtoms, round } from '../pictures/learned-atoms.ts';
import { noisySet } from '../pictures/noisy-set.ts';
import { pictureJobs } from '../pictures/picture-jobs.ts';
import { reconstructPicture } from '../pictures/reconstruct-picture.ts';
import { type PictureScore, scorePicture } from '../pictures/scores.ts';
import { nearCosines, randomFilters } from './first-filters.ts';
import { deviation, type Recipe } from './plan.ts';
import { sparsityOf, type Variant } from './variants.ts';

/** One network, trained from one seed and tested. Plain data, for a worker. */
export interface Job {
  readonly variant: Variant;
  readonly recipe: Recipe;
  /** Of the first filters, the crops and their noise. */
  readonly seed: number;
  /** Of the noise of the test pictures: all networks and peers see the same. */
  readonly testSeed: number;
  /** Where the pictures are; undefined: they are drawn. */
  readonly dataFolder: string | undefined;
  /** Pixels on a side of the middles that are tested on; undefined: the whole pictures. */
  readonly tested: number | undefined;
  /** Pixels on a side of what is shown, and of what the curve is measured on. */
  readonly shown: number;
}

export interface JobResult extends LearnedAtoms {
  readonly variant: Variant;
  readonly seed: number;
  /** Numbers that were learned. */
  readonly parameters: number;
  readonly scores: readonly PictureScore[];
  readonly curve: readonly CurvePoint[];
  /** The lasso weight of every atom after training. */
  readonly weights: readonly number[];
  /** α after training; the guard may have lowered it. */
  readonly step: number;
  /** Middles of the test pictures, denoised. */
  readonly shown: readonly StoredPicture[];
  /** Wall clock. */
  readonly seconds: { readonly training: number; readonly testing: number };
}

/** Jobs in a worker. */
export const jobs = (): Promise<TaskRunner<Job, JobResult>> => pictureJobs(runJob);

async function runJob(album: PictureAlbum, job: Job, signal?: AbortSignal): Promise<JobResult> {
  const network = await networkOf(job);
  try {
    const averaged = shiftAveraged(network);
    const tests = noisySet(album.test, {
      noise: whiteNoise(deviation),
      draws: 1,
      seed: job.testSeed,
      side: job.tested,
    });
    const probes = tests.map(({ clean, noisy }) => {
      const box = middle(clean, job.shown);
      return { clean: crop(clean, box), noisy: crop(noisy, box) };
    });
    const started = performance.now();
    const curve: CurvePoint[] = [];
    for await (const event of training(averaged, album, job, signal)) {
      if (event.type !== 'epoch') continue;
      const gains = probes.map(({ clean, noisy }) =>
        psnr(clean.data, reconstructPicture(averaged, noisy).data),
      );
      curve.push({
        step: event.step,
        // The loss is half the sum over a crop.
        error: round(Math.sqrt((2 * event.losses['filters']!) / job.recipe.crop ** 2)),
        psnr: round(gains.reduce((sum, value) => sum + value, 0) / gains.length),
      });
    }
    const trained = performance.now();
    const estimates = tests.map(({ noisy }) => reconstructPicture(averaged, noisy));
    const seconds = { training: (trained - started) / 1000, testing: (performance.now() - trained) / 1000 };
    return {
      variant: job.variant,
      seed: job.seed,
      parameters: network.trainable.reduce((sum, { size }) => sum + size, 0),
      scores: tests.map((test, index) => scorePicture(test, estimates[index]!)),
      curve,
      weights: Array.from(await network.variables['prior.weight']!.data(), round),
      step: (await network.variables['step']!.data())[0]!,
      ...(await learnedAtoms(network, probes[0]!.noisy)),
      shown: estimates.map((estimate) => storePicture(estimate, middle(estimate, job.shown))),
      seconds,
    };
  } finally {
    network.dispose();
  }
}

async function networkOf({ variant, recipe, seed }: Job): Promise<Crsae> {
  const { layers, stride, step, weight } = recipe;
  const fromNoise = variant.start === 'noise';
  const first = fromNoise ? randomFilters : nearCosines;
  const filters = first(recipe, random(seed).split('first filters'));
  try {
    return await crsae({
      filters,
      layers,
      stride,
      step,
      weight,
      weights: variant.weights,
      nonNegative: false,
      norms: fromNoise ? 'free' : 'unit',
    });
  } finally {
    filters.dispose();
  }
}

function training(
  averaged: ShiftAveraged<Crsae>,
  { train }: PictureAlbum,
  { variant, recipe, seed }: Job,
  signal: AbortSignal | undefined,
): AsyncGenerator<TrainingEvent, void, void> {
  const { steps, every, batch, crop, shifts, rate } = recipe;
  const crops = noisyCrops(
    train.map(({ picture }) => picture),
    { height: crop, width: crop, noise: whiteNoise(deviation), batchSize: batch, batches: every },
  );
  const warmUp = Math.min(20, steps / 5);
  return trainCrsae(averaged.network, randomShifts(crops, averaged, shifts), {
    noise: noiseLevel(deviation),
    sparsity: sparsityOf[variant.rule](),
    optimizer: adam({
      // Down to a twentieth.
      rate: (step) =>
        rate * Math.min(1, step / warmUp) * Math.max(0.05, (1 + Math.cos((Math.PI * step) / steps)) / 2),
    }),
    epochs: Math.round(steps / every),
    seed,
    ...(signal && { signal }),
  });
}
