import * as tf from '@tensorflow/tfjs-core';
import { type Random, random, refuse, requireInteger, requireKnownOptions } from '@unrolled/contracts';
import { type Image, image, type Patches, randomPatches, type Size } from '@unrolled/images';
import type { BatchSource, Pair } from '@unrolled/unroll';
import type { Noise } from '../noise/noise.ts';

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
  if (typeof noise?.corrupt !== 'function') refuse('noise', noise, 'a noise, such as whiteNoise(0.1)');
  if (!Array.isArray(pictures) || pictures.length === 0) refuse('pictures', pictures, 'at least one picture');
  const signals = pictures.map((picture: Image) => noise.signal(picture));
  // A crop that is thrown away: pictures that none fits into are refused before a batch is asked for.
  randomPatches(signals, { height, width, count: 1, random: random(0) });
  const { channels } = signals[0]!;

  const pair = (draw: Random): Pair => {
    const crops = randomPatches(signals, { height, width, count: batchSize, random: draw });
    const clean = flips ? turnedOver(crops, draw) : crops.data;
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

/** The numbers of crops, each turned over left to right with probability ½, and upside down likewise. */
function turnedOver({ data, shape, height, width, channels }: Patches, draw: Random): Float32Array {
  const turned = new Float32Array(data.length);
  const [count, size] = shape;
  for (let crop = 0; crop < count; crop++) {
    const [down, across] = [draw.integer(2) === 1, draw.integer(2) === 1];
    for (let row = 0; row < height; row++) {
      const from = down ? height - 1 - row : row;
      for (let column = 0; column < width; column++) {
        const source = crop * size + (from * width + (across ? width - 1 - column : column)) * channels;
        turned.set(data.subarray(source, source + channels), crop * size + (row * width + column) * channels);
      }
    }
  }
  return turned;
}
