import { dictionaryCoherence } from '@unrolled/metrics';
import { describe, expect, it } from 'vitest';
import { type CountSimulationOptions, simulateCounts } from '../src/index.ts';

const small = { groups: 40, length: 200, seed: 5 } as const;
const sigmoid = (eta: number): number => 1 / (1 + Math.exp(-eta));

describe('simulateCounts', () => {
  it.each(['binomial', 'poisson'] as const)(
    'adds filters where the codes say, to the baseline: %s',
    (family) => {
      const { naturalParameters, codes, filters, baselines } = simulateCounts({ ...small, family });
      const [bins, , atoms] = filters.shape as [number, number, number];
      for (let group = 0; group < 40; group++) {
        const eta = new Float64Array(200).fill(baselines.data[group]!);
        for (let place = 0; place < 151; place++)
          for (let atom = 0; atom < atoms; atom++)
            for (let bin = 0; bin < bins; bin++)
              eta[place + bin]! +=
                codes.data[(group * 151 + place) * atoms + atom]! * filters.data[bin * atoms + atom]!;
        const given = naturalParameters.data.subarray(group * 200, (group + 1) * 200);
        // Sums of a handful of float32 numbers of size 10 at most.
        given.forEach((value, bin) => {
          expect(Math.abs(value - eta[bin]!)).toBeLessThan(1e-5);
        });
      }
      expect(dictionaryCoherence(filters)).toBeLessThanOrEqual(0.5 + 1e-6); // float32 rounding
    },
  );

  it('draws counts with the mean and variance of the family', () => {
    for (const [options, mean, variance] of [
      [{ family: 'binomial', trials: 12 }, (eta: number) => 12 * sigmoid(eta), sigmoidVariance],
      [{ family: 'poisson' }, Math.exp, Math.exp],
    ] as const) {
      const { counts, naturalParameters } = simulateCounts({ ...small, ...options });
      let [sum, squares, spread] = [0, 0, 0];
      counts.data.forEach((count, index) => {
        expect(Number.isInteger(count) && count >= 0).toBe(true);
        const eta = naturalParameters.data[index]!;
        sum += count - mean(eta);
        squares += (count - mean(eta)) ** 2;
        spread += variance(eta);
      });
      expect(Math.abs(sum)).toBeLessThan(4 * Math.sqrt(spread));
      // 8000 squares, of which the few hundred in events weigh most: a few per cent of deviation.
      expect(Math.abs(squares / spread - 1)).toBeLessThan(0.15);
    }
  });

  it('has the events and baselines asked for', () => {
    const { codes, baselines, counts } = simulateCounts({
      ...small,
      trials: 3,
      events: 2,
      amplitude: { mean: 4, deviation: 0 },
      baseline: [0.1, 0.2],
    });
    const events = [...codes.data].filter((value) => value !== 0);
    expect(events).toEqual(new Array(40 * 3 * 2).fill(4));
    const rates = [...baselines.data].map(sigmoid);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.1 - 1e-7);
    expect(Math.max(...rates)).toBeLessThanOrEqual(0.2 + 1e-7);
    expect(Math.max(...rates) - Math.min(...rates)).toBeGreaterThan(0.08);
    expect(Math.max(...counts.data)).toBe(3);
  });

  it('depends on the seed alone', () => {
    expect(simulateCounts(small)).toEqual(simulateCounts(small));
    expect(simulateCounts({ ...small, seed: 6 }).counts).not.toEqual(simulateCounts(small).counts);
    // More groups leave those that were there as they are.
    const more = simulateCounts({ ...small, groups: 41 }).counts.data;
    expect(more.subarray(0, 40 * 200)).toEqual(simulateCounts(small).counts.data);
  });

  it.each<[CountSimulationOptions, string]>([
    [{ groups: 0 }, 'groups: expected a whole number'],
    [{ trials: 1.5 }, 'trials: expected a whole number'],
    [{ family: 'poisson', trials: 3 }, 'trials: expected none'],
    [{ family: 'normal' as 'poisson' }, 'family: expected one of'],
    [{ length: 49 }, 'length: expected a whole number ≥ 50'],
    [{ events: 20 }, 'spikes: expected at most'],
    [{ baseline: [0, 0.1] }, 'baseline: expected'],
    [{ baseline: [0.5, 1] }, 'baseline: expected'],
    [{ baseline: [Number.NaN, 1] }, 'baseline: expected'],
    [{ amplitude: { mean: -1, deviation: 0 } }, 'amplitude.mean: expected'],
    [{ family: 'poisson', amplitude: { mean: 1e3, deviation: 0 } }, 'amplitude: expected events'],
    [{ rate: 3 } as CountSimulationOptions, 'unknown option "rate"'],
  ])('refuses %j', (options, message) => {
    expect(() => simulateCounts({ groups: 2, ...options })).toThrow(message);
  });
});

const sigmoidVariance = (eta: number): number => 12 * sigmoid(eta) * (1 - sigmoid(eta));
