import { random } from '@unrolled/contracts';
import { shotNoise, whiteNoise } from '@unrolled/denoising';
import { image, parsePng } from '@unrolled/images';
import { describe, expect, test } from 'vitest';
import { drawnPictures } from '../src/pictures/album.ts';
import { atomSheet } from '../src/pictures/atom-sheet.ts';
import { comparisonSheet, middle, storedPicture, storePicture } from '../src/pictures/comparison-sheet.ts';
import { deadLeaves } from '../src/pictures/dead-leaves.ts';
import { inPicture, noisySet } from '../src/pictures/noisy-set.ts';
import { scorePicture, scoreSet, spread } from '../src/pictures/scores.ts';

const ramp = image(
  Float32Array.from({ length: 16 * 12 }, (_, pixel) => (pixel % 12) / 22),
  { height: 16, width: 12 },
);

describe('dead leaves', () => {
  test('are the same for a seed, have edges, and stay within black and white', () => {
    const size = { height: 48, width: 64 };
    const leaves = deadLeaves(size, random(3));
    expect(leaves.data).toEqual(deadLeaves(size, random(3)).data);
    expect(Math.min(...leaves.data)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...leaves.data)).toBeLessThanOrEqual(1);
    const steps = leaves.data.slice(1).map((value, pixel) => Math.abs(value - leaves.data[pixel]!));
    // Leaves are smooth, but for their rims: most neighbours are alike, some are not.
    expect(steps.filter((step) => step < 0.05).length).toBeGreaterThan(0.5 * steps.length);
    expect(steps.filter((step) => step > 0.2).length).toBeGreaterThan(0.02 * steps.length);
  });

  test('make an album whose halves differ', () => {
    const { train, test: tests, origin } = drawnPictures({ train: 2, test: 2, side: 32 });
    expect(origin).toContain('dead leaves');
    const all = [...train, ...tests].map(({ picture }) => picture.data.join());
    expect(new Set(all).size).toBe(4);
  });
});

describe('noisy test pictures', () => {
  const pictures = [
    { name: 'a', picture: ramp },
    { name: 'b', picture: ramp },
  ];

  test('have noise that depends on seed, name and draw alone', () => {
    const options = { noise: whiteNoise(0.1), draws: 2, seed: 1 };
    const both = noisySet(pictures, options);
    const [alone] = noisySet(pictures.slice(1), { ...options, draws: 1 });
    expect(both.map(({ name, draw }) => `${name}${draw}`)).toEqual(['a0', 'b0', 'a1', 'b1']);
    expect(both[1]!.noisy.data).toEqual(alone!.noisy.data);
    expect(new Set(both.map(({ noisy }) => noisy.data.join())).size).toBe(4);
  });

  test('say what a count is worth', () => {
    const noise = shotNoise(4);
    const [counted] = noisySet(pictures, { noise, draws: 1, seed: 0 });
    // The brightest pixel, 1/2, has the mean count 4.
    expect(counted!.unit).toBeCloseTo(1 / 8, 6);
    expect(counted!.noisy.data.every(Number.isInteger)).toBe(true);
    inPicture(counted!, noise.signal(ramp)).data.forEach((value, pixel) => {
      expect(value).toBeCloseTo(ramp.data[pixel]!, 6);
    });
  });

  test('may be middles', () => {
    const [cut] = noisySet(pictures, { noise: whiteNoise(0.1), draws: 1, seed: 0, side: 12 });
    expect([cut!.clean.height, cut!.clean.width]).toEqual([12, 12]);
    expect(cut!.clean.data[0]).toBe(ramp.data[2 * 12]);
  });
});

describe('scores', () => {
  const [given] = noisySet([{ name: 'ramp', picture: ramp }], { noise: shotNoise(4), draws: 1, seed: 0 });

  test('of an estimate that is off by one count everywhere', () => {
    const signal = shotNoise(4).signal(ramp);
    const off = image(
      signal.data.map((value) => value + 1),
      { height: 16, width: 12 },
    );
    const { psnr, psnrOfWhite, ssim } = scorePicture(given!, off);
    // An error of 1 at a peak of 4; of 1/8 where white is 1. Float32 pixels: six digits.
    expect(psnr).toBeCloseTo(20 * Math.log10(4), 4);
    expect(psnrOfWhite).toBeCloseTo(20 * Math.log10(8), 4);
    expect(ssim).toBeLessThan(1);
    expect(scorePicture(given!, signal).ssim).toBeCloseTo(1, 6);
  });

  test('of a set: means over pictures, spread over draws', () => {
    const score = (name: string, draw: number, psnr: number) => ({
      name,
      draw,
      psnr,
      psnrOfWhite: 0,
      ssim: 0,
    });
    const set = scoreSet([score('a', 0, 20), score('b', 0, 24), score('a', 1, 22), score('b', 1, 26)]);
    expect(set.psnr).toEqual({ mean: 23, deviation: Math.SQRT2 });
    expect(set.pictures).toEqual({
      a: { mean: 21, deviation: Math.SQRT2 },
      b: { mean: 25, deviation: Math.SQRT2 },
    });
    expect(spread([5])).toEqual({ mean: 5, deviation: 0 });
  });
});

describe('sheets', () => {
  test('of atoms: the most used first, each stretched around grey', () => {
    // Two atoms of 1 × 2 pixels: (1, −2) and (0.1, 0.1).
    const filters = { data: Float32Array.of(1, 0.1, -2, 0.1), shape: [1, 2, 1, 2] };
    const sheet = parsePng(atomSheet(filters, { use: [1, 5], columns: 2, scale: 1 }));
    const at = (row: number, column: number): number => sheet.data[row * sheet.width + column]!;
    // A gap of 4 pixels on all sides. Files have eight bits.
    expect([sheet.height, sheet.width]).toEqual([9, 16]);
    expect([at(4, 4), at(4, 5)]).toEqual([1, 1]);
    expect(at(4, 10)).toBeCloseTo(0.75, 2);
    expect(at(4, 11)).toBe(0);
  });

  test('of stored parts', () => {
    const box = middle(ramp, 8);
    expect(box).toEqual({ top: 4, left: 2, height: 8, width: 8 });
    const stored = storePicture(ramp, box);
    // Half a grey level of 255.
    expect(Math.abs(storedPicture(stored).data[0]! - ramp.data[4 * 12 + 2]!)).toBeLessThanOrEqual(0.5 / 255);
    const sheet = parsePng(comparisonSheet([[{ caption: 'a', picture: stored }]]));
    expect(sheet.width).toBeGreaterThanOrEqual(8 + 2 * 8);
  });
});
