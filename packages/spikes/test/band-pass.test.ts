import { describe, expect, test } from 'vitest';
import { bandPass, filterChannel } from '../src/front/band-pass.ts';

/** Gain of a symmetric filter at a frequency in cycles a sample: its cosine sum. */
function gain(half: Float64Array, frequency: number): number {
  return half.reduce(
    (sum, value, lag) => sum + (lag === 0 ? 1 : 2) * value * Math.cos(2 * Math.PI * frequency * lag),
    0,
  );
}

describe('bandPass', () => {
  test('has the band of its template: spikes of 3 ms, beats of 600 ms', () => {
    expect(bandPass(0.003, 15_000)).toMatchObject({ low: 1 / 0.003, high: 5000 });
    const beats = bandPass(0.6, 360);
    expect(beats.low).toBeCloseTo(1.667, 3);
    expect(beats.high).toBeCloseTo(25, 9);
  });

  test('stays below the Nyquist frequency', () => {
    expect(bandPass(0.003, 10_000).high).toBe(4500);
  });

  test.each([
    [0.003, 15_000],
    [0.003, 30_000],
    [0.6, 360],
  ])('passes its middle and stops both ends: %d s at %d Hz', (duration, rate) => {
    const { half, low, high } = bandPass(duration, rate);
    // Both low-passes have unit gain at 0 Hz: rounding alone is left.
    expect(Math.abs(gain(half, 0))).toBeLessThan(1e-12);
    // A Hamming window's ripple is 0.2 %, at either edge.
    expect(gain(half, Math.sqrt(low * high) / rate)).toBeCloseTo(1, 2);
    expect(Math.abs(gain(half, (0.2 * low) / rate))).toBeLessThan(0.25);
    if (high < 0.35 * rate) expect(Math.abs(gain(half, (1.5 * high) / rate))).toBeLessThan(0.01);
  });

  test('filters as the sum says, without delay', () => {
    const filter = bandPass(0.003, 4000);
    const { half, reach } = filter;
    const padded = Float64Array.from({ length: 2 * reach + 50 }, (_, i) => Math.sin(i * i));
    const expected = Array.from({ length: 50 }, (_, time) => {
      let sum = 0;
      for (let lag = -reach; lag <= reach; lag++) sum += half[Math.abs(lag)]! * padded[time + reach + lag]!;
      return sum;
    });
    // Into the second of three channels, and no other; summed in float64, then rounded to float32.
    const filtered = new Float32Array(150);
    filterChannel(padded, filter, filtered, 1, 3);
    const rounded = expected.flatMap((value) => [0, value, 0]);
    filtered.forEach((value, i) => {
      expect(Math.abs(value - rounded[i]!)).toBeLessThan(1.2e-7 * (1 + Math.abs(rounded[i]!)));
    });
  });

  test.each([
    [0, 1000],
    [-1, 1000],
    [Number.NaN, 1000],
    [0.003, 0],
  ])('refuses %d s at %d Hz', (duration, rate) => {
    expect(() => bandPass(duration, rate)).toThrow(/duration|rate/);
  });
});
