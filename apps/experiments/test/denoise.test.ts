import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { beforeAll, describe, expect, test } from 'vitest';
import { compared, find, lead } from '../src/denoise/claims.ts';
import type { Results } from '../src/denoise/experiment.ts';
import { nearCosines, randomFilters } from '../src/denoise/first-filters.ts';
import type { JobResult } from '../src/denoise/job.ts';
import { page } from '../src/denoise/page.ts';
import { plans } from '../src/denoise/plan.ts';
import { variants } from '../src/denoise/variants.ts';
import { drawnPictures } from '../src/pictures/album.ts';
import { middle, storePicture } from '../src/pictures/comparison-sheet.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const album = drawnPictures({ train: 1, test: 2, side: 40 });
const stored = album.test.map(({ picture }) => storePicture(picture, middle(picture, 20)));
const scores = (...values: number[]) =>
  values.map((psnr, index) => ({
    name: album.test[index]!.name,
    draw: 0,
    psnr,
    psnrOfWhite: psnr,
    ssim: 0.9,
  }));

/** A network of a seed, with the PSNR of two pictures. */
const run = (variant: number, seed: number, psnr: readonly [number, number]): JobResult => ({
  variant: variants[variant]!,
  seed,
  parameters: 50,
  scores: scores(...psnr),
  curve: [1, 2, 3, 4].map((step) => ({ step, error: 1 / step, psnr: 25 + step })),
  weights: [0.1, 0.2],
  step: 0.1,
  density: 0.25,
  filters: { data: [1, 2, 3, 4, 5, 6, 7, 8], shape: [2, 2, 1, 2] },
  use: [1, 2],
  shown: stored,
  seconds: { training: 1, testing: 1 },
});

const results: Results = {
  size: 'smoke',
  device: 'a device',
  origin: album.origin,
  plan: plans.smoke,
  tests: { clean: stored, noisy: stored, scores: scores(22, 22) },
  networks: [
    run(0, 0, [30, 32]),
    run(0, 1, [31, 33]),
    run(2, 0, [29, 31.5]),
    run(2, 1, [30.5, 33]),
    run(4, 0, [31, 31.5]),
  ],
};

describe('claims', () => {
  test('are of means over pictures, seed by seed', () => {
    const networks = compared(results);
    expect(networks.map(({ psnr }) => psnr.mean)).toEqual([31.5, 31, 31.25]);
    const [untied, tied, fixed] = [
      find(networks, 'untied', 'em'),
      find(networks, 'tied', 'em'),
      find(networks, 'tied', 'fixed'),
    ];
    // 31 − 30.25 and 32 − 31.75.
    expect(lead(untied, tied)).toEqual({ mean: 0.5, deviation: expect.closeTo(0.5 / Math.SQRT2, 12) });
    // The one seed that both have.
    expect(lead(tied, fixed)!.mean).toBe(-1);
    expect(find(networks, 'tied', 'backpropagation')).toBeUndefined();
    expect(lead(tied, undefined)).toBeUndefined();
  });

  test('are told as they are, and what was not run is not', () => {
    const { markdown, pictures } = page(results, 'the command');
    expect(markdown).toContain(
      '| untied ahead of tied by 0.6 dB, λ by EM | +0.9 dB | +0.50 ± 0.35 dB | **no** |',
    );
    expect(markdown).not.toContain('ahead of the bias by backpropagation');
    expect(markdown).toContain('The peers were not run');
    expect(Object.keys(pictures).sort()).toEqual([
      'atoms-tied.png',
      'atoms-untied.png',
      'curves.svg',
      'pictures.png',
    ]);
    for (const file of Object.keys(pictures)) expect(markdown).toContain(`(denoise/${file})`);
  });
});

test.each([randomFilters, nearCosines])(
  'first filters have unit norm, and are those of their seed: %o',
  (first) => {
    const make = (seed: number): number[] => {
      const filters = first({ ...plans.smoke.recipe, side: 3, atoms: 4 }, random(seed));
      const values = [...filters.dataSync()];
      filters.dispose();
      return values;
    };
    const before = tf.memory().numTensors;
    const values = make(1);
    expect(tf.memory().numTensors).toBe(before);
    for (const atom of [0, 1, 2, 3])
      expect(Math.hypot(...values.filter((_, index) => index % 4 === atom))).toBeCloseTo(1, 6);
    expect(make(1)).toEqual(values);
    expect(make(2)).not.toEqual(values);
  },
);
