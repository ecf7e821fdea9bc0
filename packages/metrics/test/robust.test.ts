import { random } from '@unrolled/contracts';
import { describe, expect, it } from 'vitest';
import { median, robustDeviation } from '../src/index.ts';

describe('median', () => {
  it('is the middle value, of an even number the mean of two, of none 0', () => {
    expect(median([3, 10, 1])).toBe(3);
    expect(median([3, 1, 2, 10])).toBe(2.5);
    expect(median([])).toBe(0);
  });
});

describe('the robust deviation', () => {
  it('is that of Gaussian noise, and hardly moves for a few outliers', () => {
    const generator = random(0);
    const values = Float64Array.from({ length: 10_000 }, (_, index) =>
      generator.normal(0, index < 100 ? 1000 : 2),
    );
    // Its deviation is 1.17 · 2 / √10⁴ = 0.023; an outlier in a hundred shifts the quantile by 1.6 %.
    expect(Math.abs(robustDeviation(values) - 2)).toBeLessThan(0.12);
  });
});
