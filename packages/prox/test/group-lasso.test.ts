import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { beforeAll, describe, expect, test } from 'vitest';
import { groupLasso, l1 } from '../src/index.ts';
import { normalValues, read, row } from './reference/tensors.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

/** Block shrinkage of one group in float64. */
function shrunk(v: readonly number[], threshold: number): number[] {
  const norm = Math.hypot(...v);
  return v.map((entry) => entry * Math.max(0, 1 - threshold / norm));
}

test('O-21: p − v + α w p/‖p‖ = 0 for groups that are not 0, ‖v‖ ≤ α w for the others', async () => {
  const [weight, step] = [0.9, 0.8];
  const values = normalValues(60, 2);
  const p = await read(() => groupLasso(weight, { size: 3 }).prox(tf.tensor2d(values, [2, 30]), step));
  let zeros = 0;
  for (let group = 0; group < 20; group++) {
    const [v, x] = [values, p].map((all) => Array.from(all.slice(3 * group, 3 * group + 3))) as [
      number[],
      number[],
    ];
    const norm = Math.hypot(...x);
    if (norm === 0) {
      zeros++;
      expect(Math.hypot(...v)).toBeLessThanOrEqual(step * weight);
    } else {
      for (const [i, entry] of x.entries()) {
        expect(entry - v[i]! + (step * weight * entry) / norm).toBeCloseTo(0, 6);
      }
    }
  }
  expect(zeros).toBeGreaterThan(0);
  expect(zeros).toBeLessThan(20);
});

describe('groups', () => {
  const values = Array.from(normalValues(24, 5));
  const v = () => tf.tensor3d(values, [2, 3, 4]);
  const at = (b: number, t: number, a: number): number => values[(b * 3 + t) * 4 + a]!;

  test('the last axis by default: one a time', async () => {
    const x = await read(() => groupLasso(1).prox(v(), 0.5));
    const expected = shrunk(
      [0, 1, 2, 3].map((a) => at(1, 2, a)),
      0.5,
    );
    for (const [a, entry] of expected.entries()) expect(x[20 + a]).toBeCloseTo(entry, 5);
  });
  test('all times of an atom', async () => {
    const x = await read(() => groupLasso([1, 2, 0.5, 1], { axes: [1] }).prox(v(), 0.5));
    const expected = shrunk(
      [0, 1, 2].map((t) => at(1, t, 1)),
      1,
    );
    for (const [t, entry] of expected.entries()) expect(x[12 + 4 * t + 1]).toBeCloseTo(entry, 5);
  });
  test('an example as a whole', async () => {
    const x = await read(() => groupLasso(1, { axes: [1, 2] }).prox(v(), 0.5));
    const expected = shrunk(values.slice(0, 12), 0.5);
    for (const [i, entry] of expected.entries()) expect(x[i]).toBeCloseTo(entry, 5);
  });
  test('pairs of atoms, at all times, with a weight a pair', async () => {
    const x = await read(() => groupLasso([1, 3], { axes: [1, -1], size: 2 }).prox(v(), 0.5));
    const members = [0, 1, 2].flatMap((t) => [2, 3].map((a) => at(0, t, a)));
    const expected = shrunk(members, 1.5);
    const seen = [0, 1, 2].flatMap((t) => [x[4 * t + 2]!, x[4 * t + 3]!]);
    for (const [i, entry] of expected.entries()) expect(seen[i]).toBeCloseTo(entry, 5);
  });
  test('of one entry each are ℓ1', async () => {
    const [grouped, single] = [groupLasso(0.6, { size: 1 }), l1(0.6)];
    const [a, b] = [await read(() => grouped.prox(v(), 1)), await read(() => single.prox(v(), 1))];
    for (const [i, entry] of b.entries()) expect(a[i]).toBeCloseTo(entry, 6);
    const [f, g] = [await read(() => grouped.value(v())), await read(() => single.value(v()))];
    for (const [i, entry] of g.entries()) expect(f[i]).toBeCloseTo(entry, 5);
  });
  test('non-negative: the ReLU goes first', async () => {
    const prior = groupLasso(1, { size: 2, nonNegative: true });
    const x = await read(() => prior.prox(row(3, 4, 5, -100, -1, -2), 1));
    for (const [i, entry] of [2.4, 3.2, 4, 0, 0, 0].entries()) expect(x[i]).toBeCloseTo(entry, 6);
  });
});

test('a group of zeros has value 0, prox 0 and gradients 0, never NaN', async () => {
  for (const prior of [groupLasso(1, { size: 2 }), groupLasso(1, { size: 2, nonNegative: true })]) {
    const zeros = row(0, 0, 3, 4);
    expect((await read(() => prior.value(zeros)))[0]).toBeCloseTo(5, 5);
    expect(await read(() => prior.value(tf.zeros([1, 4])))).toEqual([0]);
    const ofValue = await read(() => tf.grad((x: tf.Tensor) => tf.sum(prior.value(x)))(zeros));
    expect(ofValue.slice(0, 2)).toEqual([0, 0]);
    expect(ofValue[2]).toBeCloseTo(0.6, 6);
    const ofProx = await read(() => tf.grad((x: tf.Tensor) => tf.sum(prior.prox(x, 1)))(zeros));
    expect(ofProx.slice(0, 2)).toEqual([0, 0]);
    expect(ofProx.every(Number.isFinite)).toBe(true);
  }
});

test('violation and dualScale by hand', async () => {
  const prior = groupLasso(1, { size: 2 });
  // At (3, 4) −gradient should be (0.6, 0.8); at 0 anything of norm ≤ 1.
  const violation = await read(() => prior.violation!(row(3, 4, 0, 0, 0, 0), row(-0.6, -0.8, 0.6, 0, 3, 4)));
  for (const [i, entry] of [0, 0, 0, 0, 2.4, 3.2].entries()) expect(violation[i]).toBeCloseTo(entry, 5);
  const scales = await read(() =>
    prior.dualScale!(
      tf.tensor2d([
        [3, 4, 0, 0],
        [0.1, 0, 0, 0],
      ]),
    ),
  );
  expect(scales[0]).toBeCloseTo(0.2, 6);
  expect(scales[1]).toBe(1);
  const positive = groupLasso(1, { size: 2, nonNegative: true });
  expect((await read(() => positive.dualScale!(row(-30, 4))))[0]).toBeCloseTo(0.25, 6);
});
