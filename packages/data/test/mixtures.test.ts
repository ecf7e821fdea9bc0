import { describe, expect, it } from 'vitest';
import { simulateMixtures } from '../src/index.ts';

const size = { height: 48, width: 64 };
const moments = (values: Float32Array): { mean: number; deviation: number } => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
};

describe('simulated mixtures', () => {
  const { mixtures, digits, textures } = simulateMixtures({ pictures: 12, ...size, seed: 3 });

  it('are the sum of their parts', () => {
    expect(mixtures.shape).toEqual([12, 48, 64]);
    mixtures.data.forEach((value, index) => {
      expect(value).toBe(Math.fround(digits.data[index]! + textures.data[index]!));
    });
  });

  it('are the same for the same seed, picture by picture, however many are made', () => {
    const fewer = simulateMixtures({ pictures: 5, ...size, seed: 3 });
    expect(fewer.mixtures.data).toEqual(mixtures.data.slice(0, 5 * 48 * 64));
    expect(simulateMixtures({ pictures: 5, ...size, seed: 4 }).mixtures.data).not.toEqual(
      fewer.mixtures.data,
    );
  });

  it('say which digits were written: a one takes less ink than an eight', () => {
    const one = { height: 28, width: 28, digitSize: 28 };
    const written = simulateMixtures({ ...one, pictures: 200, seed: 5 });
    expect(written.labels.shape).toEqual([200, 1]);
    const ink = (digit: number): number => {
      const pictures = [...written.labels.data.keys()].filter(
        (index) => written.labels.data[index] === digit,
      );
      return moments(
        Float32Array.from(
          pictures.flatMap((index) => [...written.digits.data.subarray(index * 784, (index + 1) * 784)]),
        ),
      ).mean;
    };
    expect(ink(1)).toBeLessThan(ink(8));
    // 48 × 64 pixels hold two squares of 32.
    expect(simulateMixtures({ ...size, height: 32 }).labels.shape).toEqual([1, 2]);
  });

  it('have textures of the level and contrast that were asked for', () => {
    const { mean, deviation } = moments(textures.data);
    // Of twelve textures, each of a few dozen periods: a tenth of the contrast.
    expect(Math.abs(mean - 0.35)).toBeLessThan(0.01);
    expect(Math.abs(deviation - 0.1)).toBeLessThan(0.02);
    const flat = simulateMixtures({ ...size, contrast: 0, level: 0.2 });
    expect(moments(flat.textures.data).deviation).toBeLessThan(1e-6);
  });

  it('have a digit in every square: lines of the brightness, on black', () => {
    const { data } = digits;
    let most = 0;
    for (const value of data) {
      expect(value).toBeGreaterThanOrEqual(0);
      most = Math.max(most, value);
    }
    expect(most).toBeCloseTo(0.45, 6);
    for (let picture = 0; picture < 12; picture++) {
      for (const left of [0, 32]) {
        let lit = 0;
        for (let row = 0; row < 32; row++)
          for (let column = left; column < left + 32; column++)
            if (data[(picture * 48 + row) * 64 + column]! > 0.2) lit++;
        // A line of 25 to 90 pixels, 2.2 to 3.9 of them thick.
        expect(lit / 1024).toBeGreaterThan(0.04);
        expect(lit / 1024).toBeLessThan(0.35);
      }
    }
  });

  it('are refused where an option is out of range', () => {
    expect(() => simulateMixtures({ pictures: 0 })).toThrow(/pictures/);
    expect(() => simulateMixtures({ digitSize: 4 })).toThrow(/digitSize.*≥ 8/);
    expect(() => simulateMixtures({ contrast: -1 })).toThrow(/contrast/);
    expect(() => simulateMixtures({ noise: 1 } as object)).toThrow(/unknown option "noise"/);
  });
});
