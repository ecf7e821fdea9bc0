import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { ndArray } from '@unrolled/formats';
import { image, joinChannels, splitChannels } from '@unrolled/images';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  codeActivity,
  cosineFilters,
  denoise,
  loadDenoiser,
  type ModelDenoiser,
  makeDenoiser,
  shotNoise,
  untrainedDenoiser,
  whiteNoise,
} from '../src/index.ts';
import { distance, filters, modelFile, waves } from './worlds.ts';

const noise = whiteNoise(0.1);
let white: ModelDenoiser;
let shot: ModelDenoiser;
beforeAll(async () => {
  await useBackend('wasm');
  white = await untrainedDenoiser({ noise, atoms: 12, size: 6, stride: 3, layers: 3 });
  shot = await untrainedDenoiser({ noise: shotNoise(4), atoms: 12, size: 6, stride: 3, layers: 3 });
});
afterAll(() => {
  white.network.dispose();
  shot.network.dispose();
});

const noisy = noise.corrupt(waves(43, 58), random(1));
const counts = shotNoise(4).corrupt(shotNoise(4).signal(waves(43, 58)), random(2));
/** Rounding: sums of the same numbers in another order. */
const rounding = 1e-5;

describe('tiles', () => {
  test('are equal to the picture as a whole', async () => {
    // Their reach is 5 + 2 · 3 = 11 pixels: tiles of 15 pixels have others on all sides.
    const told: [number, number][] = [];
    const onProgress = (done: number, total: number) => told.push([done, total]);
    expect(
      distance(await denoise(noisy, white), await denoise(noisy, white, { tile: 15, onProgress })),
    ).toBeLessThan(rounding);
    expect(told.at(-1)).toEqual([12, 12]);
    expect(distance(await denoise(counts, shot), await denoise(counts, shot, { tile: 24 }))).toBeLessThan(
      rounding,
    );
    expect(
      distance(await codeActivity(counts, shot), await codeActivity(counts, shot, { tile: 24 })),
    ).toBeLessThan(rounding);
  });

  test('let other things happen, an abort among them', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 0);
    // More than the 50 ms after which it gives way: hundreds of tiles of some milliseconds.
    const large = noise.corrupt(waves(300, 300), random(4));
    await expect(denoise(large, white, { tile: 9, signal: stop.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });

  test('bound the memory: of a larger picture, or one in colours, it needs no more', async () => {
    const peakOf = async (height: number, width: number, channels: number): Promise<number> => {
      const picture = noise.corrupt(waves(height, width, channels), random(6));
      const { peakBytes } = await tf.profile(async () => {
        await denoise(picture, white, { tile: 24 });
      });
      return peakBytes;
    };
    // Tiles of 24 pixels and 12 on either side.
    const small = await peakOf(60, 60, 1);
    expect(await peakOf(180, 120, 1)).toBeLessThan(1.01 * small);
    // Codes are 12 atoms at every third pixel for each of nine shifts; what three channels have more is a few tiles of pixels.
    expect(await peakOf(60, 60, 3)).toBeLessThan(1.3 * small);
  });

  test('end where they are told to', async () => {
    const stop = AbortSignal.abort();
    await expect(denoise(noisy, white, { tile: 12, signal: stop })).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });
});

test('a coloured picture goes channel by channel', async () => {
  const coloured = noise.corrupt(waves(30, 40, 3), random(3));
  const apart = [];
  for (const channel of splitChannels(coloured)) apart.push(await denoise(channel, white));
  expect(distance(await denoise(coloured, white), joinChannels(apart))).toBeLessThan(rounding);
});

test('white noise of any deviation is served by the network of as many times larger thresholds', async () => {
  const given = whiteNoise(0.25);
  const bank = filters(4, 5, 0.3, 7);
  const weights = [0.02, 0, 0.05, 0.01, 0.03];
  const load = (factor: number) =>
    loadDenoiser(
      modelFile({
        'operator.filters': bank.array,
        'prior.weight': ndArray(Float32Array.from(weights, (weight) => weight * factor)),
      }),
    );
  const [trained, scaled] = [await load(1), await load(2.5)];
  const served = await denoise(noisy, trained, { noise: given });
  expect(distance(served, await denoise(noisy, scaled))).toBeLessThan(rounding);
  // And it is not what the trained network makes of it: they are not equal for want of thresholds.
  expect(distance(served, await denoise(noisy, trained))).toBeGreaterThan(0.01);
  for (const { network } of [trained, scaled]) network.dispose();
});

test('a centred network does not know how bright a picture is', async () => {
  const parts = { ...white, noise: whiteNoise(0.1, { centred: true }) };
  const centred = makeDenoiser({ network: parts.network, noise: parts.noise });
  const brighter = image(
    noisy.data.map((value) => value + 3),
    { height: 43, width: 58 },
  );
  const raised = await denoise(brighter, centred, { noise: whiteNoise(0.2) });
  const expected = await denoise(noisy, centred, { noise: whiteNoise(0.2) });
  const back = image(
    raised.data.map((value) => value - 3),
    { height: 43, width: 58 },
  );
  // Float32 near 4 is exact to 2e-7 and the network doubles it a few times.
  expect(distance(back, expected)).toBeLessThan(rounding);
});

describe('before training', () => {
  const meanSquare = (one: ArrayLike<number>, other: ArrayLike<number>): number =>
    Array.from(one).reduce((sum, value, index) => sum + (value - other[index]!) ** 2, 0) / one.length;

  test('it denoises already', async () => {
    const clean = waves(43, 58);
    const left = meanSquare((await denoise(noisy, white)).data, clean.data);
    // Most of the noise has codes below two deviations: a quarter of its energy is far more than what is left of it.
    expect(left).toBeLessThan(0.25 * meanSquare(noisy.data, clean.data));
    const rates = shotNoise(4).signal(clean);
    const leftOfCounts = meanSquare((await denoise(counts, shot)).data, rates.data);
    expect(leftOfCounts).toBeLessThan(0.25 * meanSquare(counts.data, rates.data));
  });

  test('its cosines are orthonormal', () => {
    const gram = tf.tidy(() => {
      const atoms = tf.reshape(cosineFilters({ size: 5, atoms: 25 }), [25, 25]);
      return Array.from(tf.matMul(tf.transpose(atoms), atoms).dataSync());
    });
    // Sums of 25 products of float32 below 1.
    for (const [index, value] of gram.entries())
      expect(Math.abs(value - (index % 26 === 0 ? 1 : 0))).toBeLessThan(1e-6);
  });
});

test('activity: in a picture that does not vary the constant is active, one atom of 12', async () => {
  const flat = image(new Float32Array(27 * 27).fill(0.5), { height: 27, width: 27 });
  const { data } = await codeActivity(flat, white);
  // In the middle, 11 pixels from every edge: where fewer atoms lie over a pixel, others help out.
  for (const row of [12, 13, 14]) expect(data[27 * row + 13]).toBeCloseTo(1 / 12, 6);
  expect(data.every((value) => value >= 0 && value <= 1)).toBe(true);
});

test('leaves no tensor behind, whatever happens', async () => {
  const before = tf.memory().numTensors;
  await denoise(noisy, white, { tile: 24 });
  await codeActivity(counts, shot);
  await expect(denoise(noisy, shot)).rejects.toThrow();
  const denoiser = await untrainedDenoiser({ noise, atoms: 4, size: 4, stride: 2, layers: 1 });
  denoiser.network.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

describe('refusals', () => {
  const small = image(new Float32Array(5 * 9), { height: 5, width: 9 });
  const options = { noise, atoms: 12, size: 6, stride: 3, layers: 3 };

  test.each([
    [
      'smaller than an atom',
      () => denoise(small, white),
      /picture: expected at least 6 × 6 pixels.*got 5 × 9/,
    ],
    ['negative counts', () => denoise(noisy, shot), /picture: expected counts, whole numbers ≥ 0, got/],
    [
      'noise of another family',
      () => denoise(counts, shot, { noise }),
      /noise: expected poisson noise.*got "gaussian:25.5"/,
    ],
    ['tile of 0', () => denoise(noisy, white, { tile: 0 }), /tile: expected a whole number ≥ 1, got 0/],
    ['misspelt', () => denoise(noisy, white, { tiles: 9 } as never), /denoise: unknown option "tiles"/],
    [
      'odd atoms of counts',
      () => untrainedDenoiser({ ...options, noise: shotNoise(1), atoms: 5 }),
      /atoms: expected an even/,
    ],
    ['too many atoms', () => untrainedDenoiser({ ...options, atoms: 37 }), /atoms: expected at most 36/],
    ['gaps between atoms', () => untrainedDenoiser({ ...options, stride: 7 }), /stride: expected at most 6/],
    ['negative threshold', () => untrainedDenoiser({ ...options, threshold: -1 }), /threshold: .*≥ 0/],
  ])('%s', async (_, act, message) => {
    await expect(act()).rejects.toThrow(message);
  });
});
