import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Prior } from '@unrolled/contracts';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import * as prox from '../src/index.ts';
import * as scalar from './reference/scalar.ts';
import { read, row } from './reference/tensors.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

/** The priors that are a sum over entries, with the same thing for one number in float64. */
const pairs: { readonly [name: string]: readonly [() => Prior, scalar.ScalarPrior] } = {
  'l1(0.7)': [() => prox.l1(0.7), scalar.l1(0.7)],
  'l1(0.7), non-negative': [() => prox.l1(0.7, { nonNegative: true }), scalar.nonNegativeL1(0.7)],
  'ridge(1.5)': [() => prox.ridge(1.5), scalar.ridge(1.5)],
  'elasticNet(0.4, 2)': [() => prox.elasticNet(0.4, 2), scalar.elasticNet(0.4, 2)],
  'twoSidedGaussian(1.5, 0.3)': [() => prox.twoSidedGaussian(1.5, 0.3), scalar.twoSidedGaussian(1.5, 0.3)],
  'l0(0.6)': [() => prox.l0(0.6), scalar.l0(0.6)],
  'box(−0.5, 2)': [() => prox.box(-0.5, 2), scalar.box(-0.5, 2)],
  'box(0, ∞)': [() => prox.box(0, Number.POSITIVE_INFINITY), scalar.nonNegativeL1(0)],
  zero: [() => prox.zero(), scalar.zero],
};

/** Numbers that float32 holds exactly, so that both sides decide alike at a threshold. */
const number = fc.integer({ min: -1280, max: 1280 }).map((whole) => whole / 256);
const codes = fc.array(number, { minLength: 1, maxLength: 12 });
const steps = fc.integer({ min: 1, max: 768 }).map((whole) => whole / 256);

describe.each(Object.entries(pairs))('%s', (_, [make, reference]) => {
  test('is its formula, entry by entry, and no point of a fine grid is better', async () => {
    const prior = make();
    await fc.assert(
      fc.asyncProperty(codes, steps, async (values, step) => {
        const x = await read(() => prior.prox(row(...values), step));
        for (const [i, v] of values.entries()) {
          const expected = reference.prox(v, step);
          // Numbers below 6: a unit of float32's last place is 5e-7. At a jump both ends are minima.
          const jump = Math.abs(expected - x[i]!) > 1e-5;
          if (jump) expect(Math.abs(Math.abs(v) - Math.sqrt(1.2 * step))).toBeLessThan(1e-5);
          const objective = step * reference.value(expected) + (expected - v) ** 2 / 2;
          expect(objective).toBeLessThanOrEqual(scalar.leastObjective(reference, v, step) + 1e-12);
        }
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  test('sums its value over the entries of an example', async () => {
    const prior = make();
    const x = [0.5, 0, 1.25, 0.125];
    const seen = await read(() => prior.value(tf.tensor3d([...x, 0, 0, 0, 0], [2, 2, 2])));
    const total = x.reduce((sum, entry) => sum + reference.value(entry), 0);
    expect(seen[0]).toBeCloseTo(total, 5);
    expect(seen[1]).toBe(0);
  });

  test('the slope of its prox is that of the formula, where it has one', async () => {
    const prior = make();
    const v = [-3, -1.3, -0.31, 0.17, 0.9, 2.6, 4];
    const slopes = await read(() => tf.grad((x: tf.Tensor) => tf.sum(prior.prox(x, 0.8)))(row(...v)));
    for (const [i, at] of v.entries()) {
      const h = 1e-5;
      const expected = (reference.prox(at + h, 0.8) - reference.prox(at - h, 0.8)) / (2 * h);
      expect(slopes[i]).toBeCloseTo(expected, 5);
    }
  });

  test('a loss can be trained through its value', async () => {
    const prior = make();
    const x = [0.3, 0.8, 1.7];
    const loss = (z: tf.Tensor) => tf.sum(tf.add(prior.value(z), tf.sum(tf.square(z), 1)));
    const slopes = await read(() => tf.grad(loss)(row(...x)));
    for (const [i, at] of x.entries()) {
      const h = 1e-5;
      const slope = (reference.value(at + h) - reference.value(at - h)) / (2 * h);
      expect(slopes[i]).toBeCloseTo(slope + 2 * at, 4);
    }
  });

  test('Moreau: v = prox of Φ + α · prox of Φ* at v / α with step 1 / α', async () => {
    const prior = make();
    if (!prior.convex) return;
    const dual = prox.conjugate(prior);
    const v = row(-3, -0.4, 0, 0.2, 5);
    const parts = await read(() => tf.add(prior.prox(v, 0.5), tf.mul(0.5, dual.prox(tf.div(v, 0.5), 2))));
    for (const [i, value] of (await v.data()).entries()) expect(parts[i]).toBeCloseTo(value, 5);
  });
});
