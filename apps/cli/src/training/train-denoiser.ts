import { type CheckpointStore, random } from '@unrolled/contracts';
import { trainDcea } from '@unrolled/dcea';
import {
  type Denoiser,
  denoise,
  type ModelDenoiser,
  noisyCrops,
  untrainedDenoiser,
} from '@unrolled/denoising';
import { type Image, randomCrop } from '@unrolled/images';
import { snr } from '@unrolled/metrics';
import { adam, clipped } from '@unrolled/unroll';
import type { NoiseArgument } from '../arguments.ts';
import { noiseOf } from '../denoising/noise-of.ts';
import type { CleanPictures } from './clean-pictures.ts';
import type { TellStage } from './train-model.ts';

/** What a denoiser is made by. */
export interface DenoiserRecipe {
  readonly noise: NoiseArgument;
  readonly atoms: number;
  readonly size: number;
  readonly stride: number;
  readonly layers: number;
  readonly crop: number;
  readonly batch: number;
  readonly steps: number;
  readonly epochs: number;
  readonly rate: number;
  readonly seed: number;
}

/** Options of {@link trainDenoiser}. */
export interface TrainDenoiserOptions {
  readonly tell?: TellStage;
  readonly checkpoint?: CheckpointStore;
}

/** A denoiser, and how much nearer than the noisy pictures its own are, in dB, on pictures that were kept out. */
export interface TrainedDenoiser {
  readonly denoiser: ModelDenoiser;
  readonly gain: { readonly untrained: number; readonly trained: number };
}

/** Batches between two checkpoints: some seconds. */
const everySteps = 40;
/** Gradients are cut beyond this length: far beyond those of an ordinary batch. */
const longestGradient = 1e4;
/** Pixels of a side of what is looked at of the pictures that are kept out. */
const measuredSide = 128;

/** Makes a denoiser: cosine thresholding that learns, on crops under new noise, to give the clean crops back. */
export async function trainDenoiser(
  { learned, keptOut }: CleanPictures,
  recipe: DenoiserRecipe,
  { tell, checkpoint }: TrainDenoiserOptions = {},
): Promise<TrainedDenoiser> {
  const { atoms, size, stride, layers, crop, batch, steps, epochs, rate, seed } = recipe;
  const noise = noiseOf(recipe.noise);
  const denoiser = await untrainedDenoiser({ noise, atoms, size, stride, layers });
  const untrained = await meanGain(denoiser, keptOut, seed);
  const total = steps * epochs;
  // Half a cosine: large steps first, small ones at the end.
  const schedule = (step: number): number => (rate * (1 + Math.cos((Math.PI * (step - 1)) / total))) / 2;
  const batches = noisyCrops(learned, { height: crop, width: crop, noise, batchSize: batch, batches: steps });
  const events = trainDcea(denoiser.network, batches, {
    on: 'targets',
    shifts: 1,
    epochs,
    seed,
    optimizer: clipped(adam({ rate: schedule }), longestGradient),
    ...(checkpoint && { checkpoint: { store: checkpoint, everySteps } }),
  });
  for await (const { step } of events) tell?.('network', step / total);
  return { denoiser, gain: { untrained, trained: await meanGain(denoiser, keptOut, seed) } };
}

/** How much nearer than the noisy ones the denoised pictures are, parts of these under noise, in dB. */
async function meanGain(denoiser: Denoiser, pictures: readonly Image[], seed: number): Promise<number> {
  const { noise } = denoiser;
  const draw = random(seed).split('kept out');
  let sum = 0;
  for (const picture of pictures) {
    const signal = noise.signal(
      randomCrop(
        picture,
        {
          height: Math.min(picture.height, measuredSide),
          width: Math.min(picture.width, measuredSide),
        },
        draw,
      ),
    );
    const noisy = noise.corrupt(signal, draw);
    const { data } = await denoise(noisy, denoiser);
    sum += snr(signal.data, data) - snr(signal.data, noisy.data);
  }
  return sum / pictures.length;
}
