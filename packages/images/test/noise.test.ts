import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { random } from '@unrolled/contracts';
import { describe, expect, it } from 'vitest';
import { crop, estimateDeviation, gaussianNoise, image, parsePng, poissonCounts } from '../src/index.ts';
import { greyRows, noisePicture } from './fixtures.ts';

const flat = (height: number, width: number, value: number) =>
  image(new Float32Array(height * width).fill(value), { height, width });

/** Mean and variance. */
function moments(values: ArrayLike<number>): readonly [number, number] {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return [mean, list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length];
}

describe('Gaussian noise', () => {
  it('has the mean 0 and the deviation that was asked for, and is not clipped', () => {
    const noisy = gaussianNoise(flat(100, 100, 0), { deviation: 0.1 }, random(1));
    const [mean, variance] = moments(noisy.data);
    // Of 10⁴ numbers: deviations of the mean 0.001, of the variance 0.01 · √(2/10⁴) = 1.4e-4; four of them.
    expect(Math.abs(mean)).toBeLessThan(0.004);
    expect(Math.abs(variance - 0.01)).toBeLessThan(6e-4);
    expect(Math.min(...noisy.data)).toBeLessThan(0);
  });

  it('is that of its seed, for colours too; none leaves the picture as it is', () => {
    const picture = noisePicture(4, 5, 3);
    const noisy = gaussianNoise(picture, { deviation: 0.2 }, random(3));
    expect(gaussianNoise(picture, { deviation: 0.2 }, random(3))).toEqual(noisy);
    expect(gaussianNoise(picture, { deviation: 0.2 }, random(4))).not.toEqual(noisy);
    expect([noisy.height, noisy.width, noisy.channels]).toEqual([4, 5, 3]);
    expect(gaussianNoise(picture, { deviation: 0 }, random(3))).toEqual(picture);
  });

  it('refuses negative deviations, opacity and what is no generator', () => {
    expect(() => gaussianNoise(flat(1, 1, 0), { deviation: -0.1 }, random(0))).toThrow(
      /deviation: expected a number ≥ 0, got -0\.1/,
    );
    expect(() => gaussianNoise(flat(1, 1, 0), { deviation: Number.NaN }, random(0))).toThrow(/deviation/);
    expect(() => gaussianNoise(flat(1, 1, 0), { sigma: 1 } as never, random(0))).toThrow(/"sigma"/);
    expect(() => gaussianNoise(noisePicture(2, 2, 4), { deviation: 1 }, random(0))).toThrow(
      /without opacity.*got "4 channels"/,
    );
    expect(() => gaussianNoise(flat(1, 1, 0), { deviation: 1 }, 0 as never)).toThrow(/random: .*random\(0\)/);
  });
});

describe('Poisson counts', () => {
  it('are whole, with mean and variance peak · x / max(x); the scale takes them back to the picture', () => {
    const bright = 0.8;
    const picture = image(
      Float32Array.from({ length: 20_000 }, (_, pixel) => (pixel % 2 ? bright : bright / 4)),
      { height: 100, width: 200 },
    );
    const { counts, scale } = poissonCounts(picture, { peak: 4 }, random(2));
    expect(scale).toBeCloseTo(bright / 4, 7);
    expect(counts.data.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
    for (const [parity, rate] of [
      [1, 4],
      [0, 1],
    ] as const) {
      const [mean, variance] = moments(counts.data.filter((_, pixel) => pixel % 2 === parity));
      // Of 10⁴ counts: deviations √(r/10⁴) and √((r + 2r²)/10⁴); four of them.
      expect(Math.abs(mean - rate)).toBeLessThan(4 * Math.sqrt(rate / 1e4));
      expect(Math.abs(variance - rate)).toBeLessThan(4 * Math.sqrt((rate + 2 * rate ** 2) / 1e4));
      expect(Math.abs(scale * mean - (parity ? bright : bright / 4))).toBeLessThan(0.02);
    }
  });

  it('are those of their seed, and 0 where it is black', () => {
    const picture = greyRows([0, 0.5, 1]);
    const { counts } = poissonCounts(picture, { peak: 100 }, random(5));
    expect(poissonCounts(picture, { peak: 100 }, random(5)).counts).toEqual(counts);
    expect(counts.data[0]).toBe(0);
  });

  it('refuse a peak of 0, negative pixels, black pictures and opacity', () => {
    const picture = greyRows([0, 1]);
    expect(() => poissonCounts(picture, { peak: 0 }, random(0))).toThrow(
      /peak: expected a number > 0, got 0/,
    );
    expect(() => poissonCounts(picture, { peak: Number.POSITIVE_INFINITY }, random(0))).toThrow(/finite/);
    expect(() => poissonCounts(greyRows([0.5, -0.25]), { peak: 1 }, random(0))).toThrow(
      /picture: expected numbers ≥ 0, got "-0\.25 at index 1"/,
    );
    expect(() => poissonCounts(flat(2, 2, 0), { peak: 1 }, random(0))).toThrow(/light somewhere/);
    expect(() => poissonCounts(noisePicture(2, 2, 2), { peak: 1 }, random(0))).toThrow(/without opacity/);
  });
});

describe('the estimated level of noise', () => {
  it('is that of PyWavelets', () => {
    const wave = (y: number, x: number) =>
      0.5 + 0.3 * Math.sin(0.31 * x + 0.17 * y) + 0.2 * Math.cos((0.05 * x * y) / 10);
    const data = Float32Array.from({ length: 40 * 52 }, (_, pixel) => {
      const [y, x] = [Math.floor(pixel / 52), pixel % 52];
      return wave(y, x) * 0.9 + 0.05 + 0.06 * Math.sin(2.3 * x + 0.7 * y * y);
    });
    // median(abs(dwtn(b, 'db2')['dd'][1:-1, 1:-1])) / 0.67448975: without what the borders are padded with. Ours divides by
    // 0.6745, 1.5e-5 more.
    expect(estimateDeviation(image(data, { height: 40, width: 52 }))).toBeCloseTo(0.06512398345725541, 5);
  });

  it('is that of noise alone, on slopes, in colours and beside what is clipped', () => {
    const slope = image(
      Float32Array.from({ length: 3 * 128 * 128 }, (_, at) => (3 * Math.floor(at / 384) + (at % 384)) / 500),
      { height: 128, width: 128, channels: 3 },
    );
    const noisy = gaussianNoise(slope, { deviation: 0.05 }, random(1));
    // 1.17 / √12 000 of 0.05 is 5e-4, as the details are uncorrelated: four of them.
    expect(Math.abs(estimateDeviation(noisy) - 0.05)).toBeLessThan(0.002);
    const dark = image(
      noisy.data.map((value, at) => (at % 384 < 192 ? 0 : value)),
      { height: 128, width: 128, channels: 3 },
    );
    expect(Math.abs(estimateDeviation(dark) - 0.05)).toBeLessThan(0.003);
    expect(estimateDeviation(flat(8, 8, 0.3))).toBe(0);
  });

  it('refuses what is smaller than the filter, and opacity', () => {
    expect(() => estimateDeviation(noisePicture(3, 9))).toThrow(/at least 4 × 4 pixels, got 3 × 9/);
    expect(() => estimateDeviation(noisePicture(8, 8, 4))).toThrow(/without opacity/);
  });

  const folder = new URL('../../../../shared/data/images/kodak_gray/', import.meta.url);
  if (!existsSync(folder)) console.warn('skipped: ../shared/data/images/kodak_gray is not there');

  it.skipIf(!existsSync(folder))('over photographs errs upwards, by their texture', () => {
    const errors = readdirSync(folder)
      .filter((name) => name.endsWith('.png'))
      .filter((_, index) => index % 4 === 0)
      .map((name) => {
        const photograph = crop(parsePng(readFileSync(new URL(name, folder))), { height: 256, width: 256 });
        return 255 * estimateDeviation(gaussianNoise(photograph, { deviation: 20 / 255 }, random(0))) - 20;
      });
    // Of 16 000 details: a deviation of 0.19 grey levels, four downwards; texture adds 3 at most (a mountain stream).
    for (const error of errors) {
      expect(error).toBeGreaterThan(-0.8);
      expect(error).toBeLessThan(3.8);
    }
  });
});
