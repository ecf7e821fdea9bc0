import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { psnr, snr, sparsity } from '../src/index.ts';

describe('snr and psnr', () => {
  it('have known values', () => {
    // Energy 25 over error 0.25.
    expect(snr([3, 4], [3, 3.5])).toBeCloseTo(20, 12);
    expect(snr([1, 1], [1, 1])).toBe(Number.POSITIVE_INFINITY);
    // Peak 0.5, mean squared error 0.005: 20 log 0.5 − 10 log 0.005.
    expect(psnr([0.5, -1], [0.5, -0.9])).toBeCloseTo(20 * Math.log10(0.5) - 10 * Math.log10(0.005), 10);
  });

  it('psnr is taken to the maximum of the clean signal, or to the range where that is said', () => {
    const [clean, estimate] = [
      [0.25, 0.5, 0],
      [0.25, 0.4, 0.1],
    ] as const;
    // The mean squared error is 0.02 / 3.
    expect(psnr(clean, estimate, { peak: 1 })).toBeCloseTo(10 * Math.log10(150), 10);
    expect(psnr(clean, estimate, { peak: 'maximum' })).toBe(psnr(clean, estimate));
    expect(psnr(clean, estimate, { peak: 1 }) - psnr(clean, estimate)).toBeCloseTo(20 * Math.log10(2), 10);
    expect(() => psnr(clean, estimate, { peak: 0 })).toThrow('peak: expected a number > 0, got 0');
    expect(() => psnr(clean, estimate, { peak: 'range' as 'maximum' })).toThrow(
      'peak: expected one of maximum',
    );
    expect(() => psnr(clean, estimate, { range: 1 } as object)).toThrow('unknown option "range"');
    expect(() => psnr([0, 0], [0, 1])).toThrow('a maximum > 0');
  });

  it('snr does not depend on the scale, and falls by 20 dB where the error grows tenfold', () => {
    const numbers = fc.array(fc.double({ min: 1, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(numbers, fc.double({ min: 0.01, max: 100, noNaN: true }), (clean, scale) => {
        const off = (size: number) => clean.map((value, i) => value + size * (i + 1));
        const scaled = (values: number[]) => values.map((value) => scale * value);
        expect(snr(scaled(clean), scaled(off(0.01)))).toBeCloseTo(snr(clean, off(0.01)), 6);
        expect(snr(clean, off(0.01)) - snr(clean, off(0.1))).toBeCloseTo(20, 6);
      }),
    );
  });

  it('refuse what cannot be compared', () => {
    expect(() => snr([1, 2], [1])).toThrow('estimate: expected 2 numbers, as the clean signal has, got 1');
    expect(() => snr([], [])).toThrow('clean: expected numbers, got none');
    expect(() => psnr([1], [Number.NaN])).toThrow('estimate: expected finite numbers, got NaN at index 0');
  });
});

describe('sparsity', () => {
  it('counts what is exactly 0', () => {
    expect(sparsity([0, 2, -0, 1e-300])).toBe(0.5);
    expect(() => sparsity([])).toThrow('code: expected numbers');
  });
});
