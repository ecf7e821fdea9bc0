import { describe, expect, it } from 'vitest';
import { type Random, random, randomFrom } from '../src/index.ts';

const draws = (count: number, draw: () => number): number[] => Array.from({ length: count }, () => draw());
const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return meanOf(values.map((value) => (value - mean) ** 2));
}

describe('random', () => {
  it('is xoshiro128**, word for word', () => {
    // The published recursion in exact integer arithmetic, from the state (1, 2, 3, 4).
    const mask = (1n << 32n) - 1n;
    const rotate = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & mask;
    const s: [bigint, bigint, bigint, bigint] = [1n, 2n, 3n, 4n];
    const ours = randomFrom([1, 2, 3, 4]);
    for (let draw = 0; draw < 1000; draw++) {
      const expected = (rotate((s[1] * 5n) & mask, 7n) * 9n) & mask;
      const t = (s[1] << 9n) & mask;
      s[2] ^= s[0];
      s[3] ^= s[1];
      s[1] ^= s[2];
      s[0] ^= s[3];
      s[2] ^= t;
      s[3] = rotate(s[3], 11n);
      expect(ours.bits()).toBe(Number(expected));
    }
    expect(draws(2, randomFrom([1, 2, 3, 4]).bits)).toEqual([11520, 0]);
  });

  it('repeats for a seed, differs between seeds, and goes on from its state', () => {
    const one = random(7);
    expect(draws(5, one.bits)).toEqual(draws(5, random(7).bits));
    expect(draws(5, random(8).bits)).not.toEqual(draws(5, random(7).bits));
    const resumed = randomFrom(JSON.parse(JSON.stringify(one.state())));
    expect(draws(5, resumed.bits)).toEqual(draws(5, one.bits));
  });

  it('splits without advancing, and a key decides', () => {
    const parent = random(3);
    const before = parent.state();
    const first = draws(4, parent.split('noise').bits);
    expect(parent.state()).toEqual(before);
    expect(draws(4, parent.split('noise').bits)).toEqual(first);
    for (const other of ['noisf', 0, 1, '0']) expect(draws(4, parent.split(other).bits)).not.toEqual(first);
    // Neighbouring keys must not give correlated streams: r of 4000 pairs has deviation 1/√4000 = 0.016.
    const a = draws(4000, parent.split(0).normal);
    const b = draws(4000, parent.split(1).normal);
    expect(Math.abs(meanOf(a.map((value, index) => value * b[index]!)))).toBeLessThan(5 * 0.016);
  });

  // Each sample mean must lie within 5 standard errors; the seeds are fixed, so this cannot flicker.
  const count = 20_000;
  const cases: [string, (r: Random) => number, number, number][] = [
    ['uniform', (r) => r.uniform(-1, 3), 1, 16 / 12],
    ['integer', (r) => r.integer(10), 4.5, 99 / 12],
    ['normal', (r) => r.normal(2, 3), 2, 9],
    ['exponential', (r) => r.exponential(4), 4, 16],
    ['gamma 0.5', (r) => r.gamma(0.5, 2), 1, 2],
    ['gamma 9', (r) => r.gamma(9, 0.5), 4.5, 2.25],
    ['poisson 0.3', (r) => r.poisson(0.3), 0.3, 0.3],
    ['poisson 12', (r) => r.poisson(12), 12, 12],
    ['poisson 400', (r) => r.poisson(400), 400, 400],
    ['binomial', (r) => r.binomial(20, 0.3), 6, 4.2],
  ];
  it.each(cases)('%s has its mean and variance', (_, draw, mean, variance) => {
    const generator = random(11);
    const values = draws(count, () => draw(generator));
    expect(Math.abs(meanOf(values) - mean)).toBeLessThan(5 * Math.sqrt(variance / count));
    // The variance of a sample variance is at most about (kurtosis − 1) σ⁴ / n; kurtosis is 15 for gamma(0.5).
    expect(Math.abs(varianceOf(values) - variance)).toBeLessThan(5 * variance * Math.sqrt(14 / count));
  });

  it('permutes', () => {
    const order = random(5).permutation(100);
    expect([...order].sort((x, y) => x - y)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect([...order]).not.toEqual([...random(6).permutation(100)]);
    expect(random(5).permutation(0)).toHaveLength(0);
  });

  it.each([
    ['seed', () => random(-1)],
    ['seed', () => random(1.5)],
    ['seed', () => random(Number.NaN)],
    ['state', () => randomFrom([0, 0, 0, 0])],
    ['below', () => random(1).integer(0)],
    ['shape', () => random(1).gamma(0)],
    ['mean', () => random(1).poisson(-1)],
    ['probability', () => random(1).binomial(3, 1.1)],
  ])('refuses a bad %s', (name, call) => {
    expect(call).toThrow(name);
  });
});
