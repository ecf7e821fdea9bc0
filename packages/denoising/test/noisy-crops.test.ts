import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { type Image, image } from '@unrolled/images';
import type { BatchSource, Pair } from '@unrolled/unroll';
import { beforeAll, describe, expect, test } from 'vitest';
import { noisyCrops, shotNoise, whiteNoise } from '../src/index.ts';

beforeAll(() => tf.setBackend('cpu'));

const size = { height: 8, width: 12 };

/** Every pixel says where it is: row / 64 + column / 1024, exact in float32. */
const places = (height: number, width: number): Image =>
  image(
    Float32Array.from(
      { length: height * width },
      (_, pixel) => Math.floor(pixel / width) / 64 + (pixel % width) / 1024,
    ),
    { height, width },
  );

/** The batches of an epoch on the host. */
async function read(source: BatchSource<Pair>, seed = 0) {
  const batches: { input: Float32Array; target: Float32Array; shape: readonly number[] }[] = [];
  for await (const { input, target } of source.epoch(random(seed))) {
    expect(target.shape).toEqual(input.shape);
    batches.push({
      input: (await input.data()) as Float32Array,
      target: (await target.data()) as Float32Array,
      shape: input.shape,
    });
    tf.dispose([input, target]);
  }
  return batches;
}

describe('crops', () => {
  const picture = places(20, 30);

  test('are parts of the picture, and turned over where asked for', async () => {
    const noise = whiteNoise(0.01);
    const options = { ...size, noise, batchSize: 16, batches: 2 };
    const straight = await read(noisyCrops([picture], { ...options, flips: false }));
    expect(straight.map(({ shape }) => shape)).toEqual([
      [16, 8, 12, 1],
      [16, 8, 12, 1],
    ]);
    const turned = await read(noisyCrops([picture], options));
    const steps = (batches: typeof straight) =>
      new Set(
        batches.flatMap(({ target }) =>
          Array.from({ length: 16 }, (_, crop) => {
            const at = crop * 96;
            // To the right and down: the signs say how the crop was turned.
            return `${1024 * (target[at + 1]! - target[at]!)} ${64 * (target[at + 12]! - target[at]!)}`;
          }),
        ),
      );
    expect(steps(straight)).toEqual(new Set(['1 1']));
    // Of 32 crops none of one of the four kinds: a chance of 4 · (3/4)³² = 4e-4, and the seed is fixed.
    expect(steps(turned)).toEqual(new Set(['1 1', '1 -1', '-1 1', '-1 -1']));
  });

  test('are decided by the generator alone, and differ from batch to batch', async () => {
    const source = noisyCrops([picture], { ...size, noise: whiteNoise(0.1), batchSize: 3, batches: 2 });
    expect(source.batches).toBe(2);
    const [once, again, other] = [await read(source, 5), await read(source, 5), await read(source, 6)];
    expect(again).toEqual(once);
    expect(other[0]!.input).not.toEqual(once[0]!.input);
    expect(once[1]!.input).not.toEqual(once[0]!.input);
  });

  test('take the channels of a pixel along', async () => {
    const coloured = image(
      Float32Array.from({ length: 20 * 30 * 3 }, (_, index) => index % 3),
      { height: 20, width: 30, channels: 3 },
    );
    const [batch] = await read(
      noisyCrops([coloured], { ...size, noise: whiteNoise(0.1), batchSize: 4, batches: 1 }),
    );
    expect(batch!.shape).toEqual([4, 8, 12, 3]);
    expect(batch!.target.every((value, index) => value === index % 3)).toBe(true);
  });
});

describe('noise', () => {
  const grey = image(new Float32Array(64 * 64).fill(0.25), { height: 64, width: 64 });
  // One white pixel makes the rest a quarter of the peak.
  const lit = image(
    grey.data.map((value, pixel) => (pixel === 0 ? 1 : value)),
    { height: 64, width: 64 },
  );
  const moments = (values: Float32Array) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return { mean, variance };
  };

  test('white: mean and deviation', () => {
    const noise = whiteNoise(25 / 255);
    expect(noise.name).toBe('gaussian:25');
    expect(noise.signal(grey).data).toEqual(grey.data);
    const { mean, variance } = moments(noise.corrupt(grey, random(1)).data);
    // 4096 pixels: the mean is within 4 σ/64, the deviation within 4 σ/√8192.
    expect(Math.abs(mean - 0.25)).toBeLessThan(4 * (25 / 255 / 64));
    expect(Math.abs(Math.sqrt(variance) / (25 / 255) - 1)).toBeLessThan(4 / Math.sqrt(8192));
  });

  test('white and centred: the signal has no mean', () => {
    const { data } = whiteNoise(0.1, { centred: true }).signal(lit);
    expect(Math.abs(moments(data).mean)).toBeLessThan(1e-6);
    expect(data[0]! - data[1]!).toBeCloseTo(0.75, 6);
  });

  test('shot: the brightest pixel has the peak as mean, and counts have variance = mean', () => {
    const noise = shotNoise(8);
    expect(noise.name).toBe('poisson:8');
    const signal = noise.signal(lit);
    expect([signal.data[0], signal.data[1]]).toEqual([8, 2]);
    const { data } = noise.corrupt(signal, random(1));
    expect(data.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
    const { mean, variance } = moments(data);
    // Mean 2: its error is √2/64; that of the variance about 2 √2/64.
    expect(Math.abs(mean - 2)).toBeLessThan(4 * 0.022);
    expect(Math.abs(variance - 2)).toBeLessThan(4 * 0.05);
  });
});

describe('refusals', () => {
  const picture = places(20, 30);
  const options = { ...size, noise: whiteNoise(0.1), batchSize: 2, batches: 1 };

  test.each([
    ['no picture', () => noisyCrops([], options), /pictures: expected at least one picture/],
    ['too small', () => noisyCrops([picture, places(4, 30)], options), /pictures\[1\].*8 × 12.*4 × 30/],
    ['batch of 0', () => noisyCrops([picture], { ...options, batchSize: 0 }), /batchSize: .*≥ 1, got 0/],
    ['no noise', () => noisyCrops([picture], { ...options, noise: undefined as never }), /noise: expected/],
    ['misspelt', () => noisyCrops([picture], { ...options, flip: true } as never), /unknown option "flip"/],
    ['σ of 0', () => whiteNoise(0), /deviation: expected a number > 0, got 0/],
    ['σ negative', () => whiteNoise(-1), /deviation: expected a number > 0, got -1/],
    ['peak of 0', () => shotNoise(0), /peak: expected a number > 0, got 0/],
    [
      'black',
      () =>
        noisyCrops([image(new Float32Array(400), { height: 20, width: 20 })], {
          ...options,
          noise: shotNoise(1),
        }),
      /a pixel that is not black/,
    ],
    [
      'negative',
      () => shotNoise(1).signal(image(Float32Array.of(-1), { height: 1, width: 1 })),
      /without negative pixels, got -1/,
    ],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(message);
  });
});
