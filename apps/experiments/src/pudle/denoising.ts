import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { noisyCrops, whiteNoise } from '@unrolled/denoising';
import { crop } from '@unrolled/images';
import { psnr } from '@unrolled/metrics';
import { conv2d } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { nearAtoms, type Pudle, pudle } from '@unrolled/pudle';
import { adam, randomShifts, shiftAveraged, targetError, train } from '@unrolled/unroll';
import { stopwatch } from '../cpu-time.ts';
import type { PictureAlbum } from '../pictures/album.ts';
import { middle, type StoredPicture, storePicture } from '../pictures/comparison-sheet.ts';
import { type LearnedAtoms, learnedAtoms, round } from '../pictures/learned-atoms.ts';
import type { NoisyPicture } from '../pictures/noisy-set.ts';
import { reconstructPicture } from '../pictures/reconstruct-picture.ts';
import { type PictureScore, scorePicture } from '../pictures/scores.ts';
import type { DenoisingPlan } from './plan.ts';

/** σ of the noise, of a picture of 0 to 1. */
export const deviation = 25 / 255;

/** The gradients that are compared: through the decoder alone, and through the encoder too. */
export const compared = ['decoder', 'leastSquares'] as const;

/** What networks differ by. */
export interface Variant {
  /** The gradient that it learns by. */
  readonly estimator: (typeof compared)[number];
  /** λ */
  readonly weight: number;
  /** α */
  readonly step: number;
}

/** One network, trained and tested. */
export interface Denoised extends LearnedAtoms, Variant {
  readonly scores: readonly PictureScore[];
  /** PSNR on middles of the test pictures, watched and never used; dB. */
  readonly curve: readonly { readonly update: number; readonly psnr: number }[];
  /** Middles of the test pictures, denoised. */
  readonly shown: readonly StoredPicture[];
  /** CPU seconds of one thread. */
  readonly seconds: number;
}

/** Trains a network to denoise, and tests it. Networks of all weights and gradients begin alike and see the same crops. */
export async function trainDenoiser(
  variant: Variant,
  plan: DenoisingPlan,
  { train: pictures }: Pick<PictureAlbum, 'train'>,
  tests: readonly NoisyPicture[],
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<Denoised> {
  const network = await makeNetwork(plan, variant, seed);
  try {
    const averaged = shiftAveraged(network);
    const probes = tests.map(({ clean, noisy }) => {
      const box = middle(clean, plan.shown);
      return { clean: crop(clean, box), noisy: crop(noisy, box) };
    });
    const crops = noisyCrops(
      pictures.map(({ picture }) => picture),
      {
        height: plan.crop,
        width: plan.crop,
        noise: whiteNoise(deviation),
        batchSize: 1,
        batches: plan.every,
      },
    );
    const stage = {
      name: 'filters',
      train: ['operator.filters'],
      loss: targetError(variant.estimator === 'decoder' ? { gradient: { last: 0 } } : {}),
      optimizer: adam({ rate: fallingRate(plan), epsilon: plan.epsilon }),
    };
    const epochs = Math.round(plan.updates / plan.every);
    const curve: { update: number; psnr: number }[] = [];
    const watch = stopwatch();
    for await (const event of train(network, randomShifts(crops, averaged, 1), {
      stages: [stage],
      epochs,
      seed,
      signal,
    })) {
      if (event.type !== 'epoch') continue;
      const gains = await watch.without(() =>
        probes.map(({ clean, noisy }) => psnr(clean.data, reconstructPicture(averaged, noisy).data)),
      );
      curve.push({
        update: event.step,
        psnr: round(gains.reduce((sum, value) => sum + value, 0) / gains.length),
      });
    }
    const seconds = watch.seconds();
    const estimates = tests.map(({ noisy }) => reconstructPicture(averaged, noisy));
    return {
      ...variant,
      scores: tests.map((test, index) => scorePicture(test, estimates[index]!)),
      curve,
      ...(await learnedAtoms(network, probes[0]!.noisy)),
      shown: estimates.map((estimate) => storePicture(estimate, middle(estimate, plan.shown))),
      seconds,
    };
  } finally {
    network.dispose();
  }
}

/** Down to a twentieth by half a cosine: filters come to rest. */
const fallingRate =
  ({ rate, updates }: DenoisingPlan) =>
  (update: number): number =>
    rate * Math.max(0.05, (1 + Math.cos((Math.PI * update) / updates)) / 2);

/** One-sided codes, and filters that begin as normal noise of unit norm; their norms are free, as in the paper. */
async function makeNetwork(
  { side, stride, atoms, layers }: DenoisingPlan,
  { weight, step }: Variant,
  seed: number,
): Promise<Pudle> {
  const none = tf.zeros<tf.Rank.R4>([side, side, 1, atoms]);
  const filters = nearAtoms(none, { deviation: 1, random: random(seed).split('filters') }) as tf.Tensor4D;
  const prior = l1(weight, { nonNegative: true });
  try {
    const operator = conv2d(filters, { stride });
    return (await pudle({ operator, prior, layers, step, atoms: 'free' })) as unknown as Pudle;
  } finally {
    tf.dispose([none, filters, prior.parameters.weight]);
  }
}
