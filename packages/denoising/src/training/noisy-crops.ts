import * as tf from '@tensorflow/tfjs-core';
import {
  type Random,
  refuse,
  requireInteger,
  requireKnownOptions,
  requireShape,
  UnrolledError,
} from '@unrolled/contracts';
import { type Image, image, randomCrop, randomFlip, type Size } from '@unrolled/images';
import type { BatchSource, Pair } from '@unrolled/unroll';
import { type Noise, requireNoise } from '../noise/noise.ts';

/** Options of {@link noisyCrops}: the size of a crop in pixels, and these. */
export interface NoisyCropsOptions extends Size {
  /** What stands between a picture and what is recorded of it. */
  readonly noise: Noise;
  /** Crops of a batch. */
  readonly batchSize: number;
  /** Batches of an epoch. */
  readonly batches: number;
  /** Turn crops over, left to right and upside down, each half of the time. Default true. */
  readonly flips?: boolean;
}

/**
 * Random crops of clean pictures under noise that is new every time, with what they were: pairs for `targetError`.
 *
 * Both are `[batch, height, width, channels]` in the units of what is recorded (see {@link Noise}): under white noise those of the
 * picture; under shot noise raw counts and their means, of pictures whose brightest pixel has the mean `peak`. Every place of every
 * picture is as likely as any other. The epoch's generator alone decides what is drawn, so that a run goes on from a checkpoint bit
 * for bit.
 *
 * @param pictures clean ones of the same channels, of any size, but none smaller than a crop
 * @throws INVALID_SHAPE, naming the picture that is too small or has other channels; INVALID_ARGUMENT for what is no size or count,
 *   and as `noise.signal` does; NOT_FINITE; UNKNOWN_OPTION
 * @example
 * const crops = noisyCrops(pictures, { height: 64, width: 64, noise: whiteNoise(25 / 255), batchSize: 4, batches: 100 });
 * for await (const event of train(network, crops, { stages, epochs: 20 })) console.log(event);
 */
export function noisyCrops(pictures: readonly Image[], options: NoisyCropsOptions): BatchSource<Pair> {
  requireKnownOptions('noisyCrops', options, ['height', 'width', 'noise', 'batchSize', 'batches', 'flips']);
  const { height, width, noise, flips = true } = options;
  const batchSize = requireInteger('batchSize', options.batchSize);
  const batches = requireInteger('batches', options.batches);
  requireNoise(noise);
  if (!Array.isArray(pictures) || pictures.length === 0) refuse('pictures', pictures, 'at least one picture');
  const signals = pictures.map((picture: Image) => noise.signal(picture));
  const { channels } = requireOneKind(signals);
  const places = signals.map((signal, index) => placesIn(`pictures[${index}]`, signal, { height, width }));

  const size = height * width * channels;
  const pair = (draw: Random): Pair => {
    const clean = new Float32Array(batchSize * size);
    for (let crop = 0; crop < batchSize; crop++) {
      const straight = randomCrop(signals[weighted(places, draw)]!, { height, width }, draw);
      clean.set((flips ? randomFlip(straight, draw) : straight).data, crop * size);
    }
    // One below the other they are a picture too.
    const noisy = noise.corrupt(image(clean, { height: batchSize * height, width, channels }), draw);
    const shape: [number, number, number, number] = [batchSize, height, width, channels];
    return { input: tf.tensor4d(noisy.data, shape), target: tf.tensor4d(clean, shape) };
  };
  return Object.freeze<BatchSource<Pair>>({
    batches,
    *epoch(draw: Random) {
      for (let batch = 0; batch < batches; batch++) yield pair(draw);
    },
  });
}

/** Pictures of the same channels. */
function requireOneKind(pictures: readonly Image[]): Image {
  const [first] = pictures as readonly [Image];
  for (const [index, { channels }] of pictures.entries())
    requireShape(`pictures[${index}].channels`, [channels], [first.channels], 'the channels of the first');
  return first;
}

/** In how many places a crop fits. */
function placesIn(name: string, picture: Image, crop: Size): number {
  const [down, across] = [picture.height - crop.height + 1, picture.width - crop.width + 1];
  if (down > 0 && across > 0) return down * across;
  throw new UnrolledError(
    'INVALID_SHAPE',
    `${name}: expected at least ${crop.height} × ${crop.width} pixels, a crop, got ${picture.height} × ${picture.width}`,
  );
}

/** An index, as likely as its weight says. */
function weighted(weights: readonly number[], draw: Random): number {
  let place = draw.integer(weights.reduce((sum, weight) => sum + weight, 0));
  return weights.findIndex((weight) => (place -= weight) < 0);
}
