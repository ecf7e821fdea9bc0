import { describe, expect, test } from 'vitest';
import { bankOf } from '../src/matching/bank.ts';
import type { Event } from '../src/matching/pursuit.ts';
import { synthesize } from '../src/matching/synthesize.ts';
import { satelliteShares } from '../src/selection/coincidences.ts';
import { absorbCompanions, companions } from '../src/selection/compose.ts';
import { isComposite } from '../src/selection/composite.ts';
import { mergeDuplicates, templateDifference, violations } from '../src/selection/duplicates.ts';

const length = 30;
const wave = (centre: number, width: number, size = 10) =>
  Float32Array.from({ length }, (_, time) => size * Math.exp(-(((time - centre) / width) ** 2)));
const train = (template: Float32Array, times: readonly number[]) => ({
  candidate: { template, deviation: 0.1, probability: 0.001 },
  times,
});
const every = (interval: number, offset = 0) => Array.from({ length: 50 }, (_, i) => offset + i * interval);

describe('duplicates', () => {
  test('a template and its shifted copy do not differ; shape and size do', () => {
    expect(templateDifference(wave(10, 2), wave(15, 2), 1)).toBeLessThan(1e-3);
    expect(templateDifference(wave(10, 2), wave(10, 2, 5), 1)).toBeCloseTo(0.25, 3);
    expect(templateDifference(wave(10, 2), wave(10, 2, -10), 1)).toBeGreaterThan(1);
  });

  test('are merged, and the one with more spikes stands for both', () => {
    const { trains, steps } = mergeDuplicates(
      [
        train(wave(10, 2), every(100)),
        train(wave(14, 2.1), every(200, 50).slice(0, 9)),
        train(wave(10, 5), every(70)),
      ],
      1,
      20,
    );
    expect(trains.map(({ times }) => times.length).sort()).toEqual([50, 59]);
    expect(steps).toMatchObject([{ action: 'merge', candidates: [0, 1] }]);
  });

  test('are not merged where that breaks the refractory period', () => {
    const close = mergeDuplicates(
      [train(wave(10, 2), every(100)), train(wave(10, 2.1), every(100, 5))],
      1,
      20,
    );
    expect(close.trains).toHaveLength(2);
    expect(close.steps).toEqual([]);
  });

  test('violations are the part of the intervals that are short', () => {
    expect(violations([0, 5, 100, 200, 300], 20)).toBe(0.25);
    expect(violations([3], 20)).toBe(0);
  });
});

describe('composites', () => {
  const [a, b, c] = [wave(10, 2), wave(10, 4, 7), wave(12, 1.2, 12)];

  test('a sum of two others is one, at any shift', () => {
    const sum = Float32Array.from({ length }, (_, i) => a[i]! + (b[i - 6] ?? 0) * 0.9);
    expect(isComposite(sum, [a, b, c], 1)).toBe(true);
  });

  test('a neuron is none', () => {
    const own = Float32Array.from({ length }, (_, i) => a[i]! - 2 * (c[i - 4] ?? 0));
    expect(isComposite(own, [a, b, c], 1)).toBe(false);
    expect(isComposite(a, [b], 1)).toBe(false);
  });
});

describe('companions', () => {
  const templates = [wave(10, 2, 20), wave(10, 4, 5)];
  const spike = (place: number, unit: number): Event => ({ place, unit, amplitude: 1, score: 1 });
  const events = [[0, 1, 2, 3].flatMap((i) => [spike(100 * i, 0), spike(100 * i + 7, 1)])];
  const matched = {
    bank: bankOf(templates, 1),
    priors: [],
    events,
    residuals: [new Float32Array(500)],
    correlations: [],
  };

  test('a spike that always comes with another one is half a waveform', () => {
    expect(companions(matched)).toMatchObject([{ unit: 0, companion: 1, lag: 7, share: 1 }]);
  });

  test('and the other one is its satellite', () => {
    expect(satelliteShares(matched)).toEqual([0, 1]);
  });

  test('its part goes back into the residual', () => {
    const whole = absorbCompanions(matched, companions(matched));
    expect(whole.events[0]!.map(({ unit }) => unit)).toEqual([0, 0, 0, 0]);
    const expected = new Float32Array(500);
    synthesize(
      events[0]!.filter(({ unit }) => unit === 1),
      templates,
      1,
      expected,
    );
    expect(whole.residuals[0]).toEqual(expected);
  });
});
