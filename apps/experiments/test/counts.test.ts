import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { pickSpikes } from '@unrolled/crsae';
import { closeInitialisation, simulateCounts } from '@unrolled/data';
import { dictionaryError } from '@unrolled/metrics';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventScore } from '../src/counts/event-score.ts';
import { binomialCounts, gaussianCounts, poissonCounts } from '../src/counts/families.ts';
import { devianceExplained } from '../src/counts/held-out.ts';
import { refitOnEvents } from '../src/counts/refit.ts';
import { folds, summed, type TrialSet } from '../src/counts/trials.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const world = simulateCounts({ trials: 30, groups: 24, length: 120, filterLength: 20, events: 1, seed: 4 });
const family = binomialCounts(30);

describe('refitOnEvents', () => {
  it('brings filters to the truth where the events are known, and never makes the counts less likely', async () => {
    const tensors = tf.memory().numTensors;
    const start = closeInitialisation(world.filters, random(1));
    const groups = { counts: world.counts, baselines: world.baselines.data };
    const options = { rounds: 0, margin: 2, share: 0 };
    const before = await refitOnEvents(family, groups, world.codes, start, options);
    const after = await refitOnEvents(family, groups, world.codes, start, { ...options, rounds: 4 });
    expect(tf.memory().numTensors).toBe(tensors);
    expect(after.loss).toBeLessThan(before.loss);
    const errorOf = (filters: Float32Array) =>
      dictionaryError(world.filters, { data: filters, shape: start.shape }).mean;
    expect(errorOf(before.filters)).toBeGreaterThan(0.35);
    // 24 events of amplitude 8, about one unit of information a bin: √(20 / (24 · 64)) = 0.11, less where rates are high.
    expect(errorOf(after.filters)).toBeLessThan(0.2);
  });

  it('finds events that are missed, drops those that are none, and moves those that are off', async () => {
    const data = Float32Array.from(world.codes.data);
    const { shape } = world.codes;
    const [count, places, atoms] = shape as [number, number, number];
    for (let group = 0; group < count; group++) {
      const at = (place: number, atom: number) => (group * places + place) * atoms + atom;
      const placeOf = (atom: number) =>
        Array.from({ length: places }, (_, place) => place).find((place) => data[at(place, atom)]! > 0)!;
      // In half of the groups the first filter's event is missed, and in the others there is one too many.
      const first = placeOf(0);
      if (group % 2 === 0) data[at(first, 0)] = 0;
      else data[at((first + 50) % places, 0)] = 6;
      const second = placeOf(1);
      const off = second === 0 ? 1 : second - 1;
      data[at(off, 1)] = data[at(second, 1)]!;
      data[at(second, 1)] = 0;
    }
    const groups = { counts: world.counts, baselines: world.baselines.data };
    const { events } = await refitOnEvents(family, groups, { data, shape }, world.filters, {
      rounds: 3,
      share: 0,
      margin: 0,
    });
    const score = eventScore(world, events, dictionaryError(world.filters, world.filters));
    const exact = events.filter(
      ({ example, place, atom }) =>
        atom === 1 && world.codes.data[(example * places + place) * atoms + 1]! > 0,
    ).length;
    // Of 72 events 12 were missed, and 12 were false; 24 were off. An event gains tens of nats, and costs 6: all but a few are mended.
    expect(score.hits).toBeGreaterThan(0.95);
    expect(score.falseAlarms).toBeLessThan(0.1);
    expect(exact).toBeGreaterThan(18);
  });
});

describe('what is measured', () => {
  it('finds all events in the true codes, and none false', () => {
    const exact = dictionaryError(world.filters, world.filters);
    const found = pickSpikes(world.codes, { radius: 0, share: 0 });
    expect(eventScore(world, found, exact)).toEqual({ hits: 1, falseAlarms: 0 });
  });

  it('explains no deviance by the null, and most by the truth', async () => {
    const means = world.naturalParameters.data.map(family.mean);
    const nullMeans = means.map((_, index) => family.mean(world.baselines.data[Math.floor(index / 120)]!));
    const explained = (of: Float32Array) => devianceExplained(family, world.counts.data, of, nullMeans);
    expect(await explained(nullMeans)).toBeCloseTo(0, 6);
    expect(await explained(means)).toBeGreaterThan(0.3);
  });

  it.each([family, poissonCounts(100), gaussianCounts])(
    'links means and natural parameters, and the mean is the slope of the log-partition: $name',
    (one) => {
      for (const eta of [0.3, 1.7]) {
        expect(one.link(one.mean(eta))).toBeCloseTo(eta, 10);
        // A central difference: truncation h²/6, rounding 1e-16 · 60 / h.
        const slope = (one.logPartition(eta + 1e-5) - one.logPartition(eta - 1e-5)) / 2e-5;
        expect(slope).toBeCloseTo(one.mean(eta), 7);
      }
    },
  );

  it('sums the trials of a fold, and leaves none out', () => {
    const counts = {
      data: Float32Array.from({ length: 2 * 7 * 3 }, (_, index) => index),
      shape: [2, 7, 3],
    } as const;
    const set = { counts } as unknown as TrialSet;
    const parts = Array.from({ length: folds }, (_, fold) => summed(set, (trial) => trial % folds === fold));
    const all = summed(set, () => true);
    expect(parts.reduce((sum, { trials }) => sum + trials, 0)).toBe(7);
    all.sum.forEach((value, index) => {
      expect(parts.reduce((sum, part) => sum + part.sum[index]!, 0)).toBe(value);
    });
  });
});
