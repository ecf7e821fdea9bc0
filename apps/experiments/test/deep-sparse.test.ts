import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ErrorCurve, errorCurves, examplesNeeded, sparsityByLevel } from '../src/deep-sparse/claims.ts';
import type { Results } from '../src/deep-sparse/experiment.ts';
import { feedForward } from '../src/deep-sparse/feed-forward.ts';
import { difference, entriesOf, productOf } from '../src/deep-sparse/matrices.ts';
import { oneLevel } from '../src/deep-sparse/one-level.ts';
import { page } from '../src/deep-sparse/page.ts';
import { type Direction, plans, type Series } from '../src/deep-sparse/plan.ts';
import { runTrial, type TrialResult } from '../src/deep-sparse/trial.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const { signal } = new AbortController();
const [smoke] = plans.smoke.series as [Series];
const series: Series = { ...smoke, examples: [30, 120], seeds: 2 };

/** A trial that ended like this, level by level. */
const ended = (
  direction: Direction,
  examples: number,
  seed: number,
  errors: readonly [number, number],
): TrialResult => ({
  hierarchy: series.hierarchy,
  direction,
  start: 'near',
  learning: series.learning,
  examples,
  seed,
  startErrors: [0.4, 0.42],
  errors,
  found: errors.map((error) => (error < 0.1 ? 1 : 0.5)),
  truth: { mean: [2, 1], above: 0, fewer: 0 },
  learned: { mean: [2.5, 1.5], above: examples === 30 ? 0.5 : 0, fewer: 0 },
  fields: [20, 2],
  seconds: 1,
});
const trials = [
  ended('forward', 30, 0, [0.05, 0.4]),
  ended('forward', 30, 1, [0.07, 0.6]),
  ended('forward', 120, 0, [0.01, 0.04]),
  ended('forward', 120, 1, [0.03, 0.08]),
  ended('backward', 30, 0, [0.5, 0.3]),
  ended('backward', 30, 1, [0.5, 0.3]),
  ended('backward', 120, 0, [0.2, 0.02]),
  ended('backward', 120, 1, [0.2, 0.02]),
];

test('matrices: a product, entries of rows, the greatest difference', () => {
  const product = productOf([
    { data: [1, 2, 0, 1], shape: [2, 2] },
    { data: [1, 0, 3, 0, 1, 0], shape: [2, 3] },
  ]);
  expect(product).toEqual({ data: Float32Array.of(1, 2, 3, 0, 1, 0), shape: [2, 3] });
  expect(entriesOf(product, 1.5)).toEqual([2, 0]);
  expect(difference([1, -3.5], [1, -4])).toBe(1 / 8);
  expect(difference([0, 0], [0, 0])).toBe(0);
});

describe('claims', () => {
  test('curves are medians over seeds', () => {
    const curves = errorCurves(series, trials);
    expect(curves.map(({ direction, level }) => `${direction} ${level}`)).toEqual([
      'forward 1',
      'forward 2',
      'backward 1',
      'backward 2',
    ]);
    expect(curves[0]!.points[0]).toEqual({
      examples: 30,
      median: expect.closeTo(0.06, 12),
      least: 0.05,
      most: 0.07,
      found: 1,
    });
    expect(curves.map(examplesNeeded)).toEqual([30, 120, undefined, 120]);
  });

  test('as many examples are needed as keep a level found', () => {
    const curve = (...errors: number[]): ErrorCurve => ({
      direction: 'forward',
      level: 1,
      points: errors.map((median, index) => ({ examples: index, median, least: 0, most: 1, found: 1 })),
    });
    expect(examplesNeeded(curve(0.05, 0.2, 0.09, 0.01))).toBe(2);
    expect(examplesNeeded(curve(0.05, 0.2))).toBeUndefined();
  });

  test('sparsity is that of the most examples', () => {
    expect(sparsityByLevel(series, trials)[0]).toEqual({
      level: 1,
      atoms: 8,
      truth: 2,
      learned: [2.5, 2.5],
      fields: [20, 20],
    });
  });
});

describe('measurements', () => {
  test.each(['forward', 'backward'] as const)(
    'a trial, %s: near the truth learning gets nearer',
    async (direction) => {
      const before = tf.memory().numTensors;
      const { hierarchy, start, learning } = series;
      const trial = { hierarchy, direction, start, learning, examples: 120, seed: 1 };
      const found = await runTrial(trial, signal);
      expect(tf.memory().numTensors).toBe(before);
      // Noise of half the norm: an angle whose sine is 1 / √5 = 0.45, less where it lies along the atom.
      for (const error of found.startErrors) expect(Math.abs(error - 0.42)).toBeLessThan(0.06);
      // The first level has eight atoms, the second three times as many from as few examples.
      expect(found.errors[0]).toBeLessThan(0.6 * found.startErrors[0]!);
      expect(found.errors[1]).toBeLessThan(found.startErrors[1]!);
      // One entry above, two entries a column.
      expect(found.truth.mean).toEqual([2, 1]);
      expect(found.truth).toMatchObject({ above: 0, fewer: 0 });
    },
  );

  test('one level is plain dictionary learning, one step a ReLU network', async () => {
    const before = tf.memory().numTensors;
    const alike = await oneLevel(plans.smoke.one, { seed: 0, signal });
    expect(alike.difference).toBe(0);
    const forward = await feedForward(series.hierarchy, { signals: 10, seed: 0 });
    expect(forward).toMatchObject({ numbers: 10 * (8 + 24), different: 0 });
    expect(forward.active).toBeGreaterThan(10);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('the page tells claims as they are', () => {
  const results: Results = {
    size: 'smoke',
    device: 'a device',
    plan: { ...plans.smoke, series: [series] },
    learning: [trials],
    oneLevel: [{ seed: 0, difference: 0.5, error: 0.1, plain: 0.1 }],
  };
  const { markdown, pictures } = page(results, 'the command');
  expect(markdown).toContain('| from 120 examples on; 0.020, 0.060 at 120 | yes |');
  expect(markdown).toContain('| 0.20, 0.02 at 120 examples | **no** |');
  expect(markdown).toContain('is 0.5, of 1 seed | **no** |');
  expect(markdown).toContain('| 2 | 24 | 120 (5.0 an atom) | 120 (5.0 an atom) |');
  expect(markdown).toContain('| 100.0 % of the steps from a code to the one below it | yes |');
  expect(markdown).toContain('| not found | **no** |');
  expect(markdown).not.toContain('ReLU network');
  for (const file of Object.keys(pictures)) expect(markdown).toContain(`(deep-sparse/${file})`);
});
