import { random } from '@unrolled/contracts';
import { describe, expect, it } from 'vitest';
import { gaussianNoise, image, poissonCounts } from '../src/index.ts';
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
