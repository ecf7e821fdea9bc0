import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { beforeAll, describe, expect, test } from 'vitest';
import { simplex } from '../src/index.ts';
import { normalValues, read, row } from './reference/tensors.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

/** Projection by bisection of θ in float64: Σ max(v − θ, 0) falls with θ, from above 1 to 0. */
function projection(v: readonly number[]): number[] {
  let [low, high] = [Math.min(...v) - 1, Math.max(...v)];
  for (let turn = 0; turn < 200; turn++) {
    const theta = (low + high) / 2;
    const total = v.reduce((sum, entry) => sum + Math.max(entry - theta, 0), 0);
    if (total > 1) low = theta;
    else high = theta;
  }
  return v.map((entry) => Math.max(entry - low, 0));
}

const project = (...v: number[]): Promise<number[]> => read(() => simplex().prox(row(...v), 1));

describe('O-15', () => {
  test.each([1, 2, 3, 10, 500])('equals the projection by bisection: %i atoms', async (atoms) => {
    for (const [seed, deviation] of [0.02, 0.3, 1, 30].entries()) {
      const v = Array.from(normalValues(atoms, seed, deviation));
      const [x, expected] = [await project(...v), projection(v)];
      // A sum of up to 500 float32 numbers that are at most 1.
      expect(x.reduce((sum, entry) => sum + entry, 0)).toBeCloseTo(1, 5);
      for (const [i, entry] of x.entries()) {
        expect(entry).toBeGreaterThanOrEqual(0);
        expect(Math.abs(entry - expected[i]!)).toBeLessThan(2e-6 * Math.max(1, deviation));
      }
    }
  });
  test('is idempotent, a shift changes nothing, a large entry takes it all', async () => {
    const once = await project(0.9, 0.1, 0.3, -2);
    const twice = await project(...once);
    for (const [i, entry] of twice.entries()) expect(entry).toBeCloseTo(once[i]!, 6);
    // 64 and these entries have no rounding when added.
    expect(await project(64.75, 64.25, 64.5)).toEqual(await project(0.75, 0.25, 0.5));
    expect(await project(0, 1e6, 3)).toEqual([0, 1, 0]);
    expect(await project(-5)).toEqual([1]);
  });
  test('ties are shared', async () => {
    const x = await project(2, 2, 2, 0);
    for (const entry of x.slice(0, 3)) expect(entry).toBeCloseTo(1 / 3, 6);
    expect(x[3]).toBe(0);
  });
  test('its Jacobian is I_S − 11ᵀ/|S|', async () => {
    const v = row(0.9, 0.4, 0.5, -1, -2);
    const x = await read(() => simplex().prox(v, 1));
    const active = x.map((entry) => (entry > 0 ? 1 : 0));
    const count = active.reduce<number>((sum, one) => sum + one, 0);
    expect(count).toBe(3);
    for (let i = 0; i < 5; i++) {
      const unit = row(...[0, 1, 2, 3, 4].map((j) => (j === i ? 1 : 0)));
      const column = await read(() => tf.grad((z: tf.Tensor) => simplex().prox(z, 1))(v, unit));
      for (let j = 0; j < 5; j++) {
        const expected = active[i]! * active[j]! * ((i === j ? 1 : 0) - 1 / count);
        expect(column[j]).toBeCloseTo(expected, 6);
      }
    }
  });
});

test('every row along the last axis is projected', async () => {
  const x = await read(() => simplex().prox(tf.tensor3d([2, 0, 0, 2, 1, 1, 0, 0], [2, 2, 2]), 1));
  expect(x).toEqual([1, 0, 0, 1, 0.5, 0.5, 0.5, 0.5]);
});

test('value: 0 on the simplex within rounding, +∞ off it', async () => {
  const x = tf.tensor2d([
    [0.3, 0.7],
    [0.3, 0.700002],
    [0.3, 0.71],
    [1.001, -0.001],
  ]);
  const infinite = Number.POSITIVE_INFINITY;
  expect(await read(() => simplex().value(x))).toEqual([0, 0, infinite, infinite]);
});

test('violation: the gradient is constant on the support and no less off it', async () => {
  const { violation } = simplex();
  expect(await read(() => violation!(row(0.5, 0.5, 0), row(-2, -2, -1)))).toEqual([0, 0, 0]);
  expect(await read(() => violation!(row(0.5, 0.5, 0), row(-2, -2, -3)))).toEqual([0, 0, 1]);
  expect(await read(() => violation!(row(0.5, 0.5, 0), row(-2, -4, 0)))).toEqual([1, 1, 0]);
  // At a corner any gradient whose least entry is there is right.
  expect(await read(() => violation!(row(1, 0, 0), row(-50, 0, 50)))).toEqual([0, 0, 0]);
  expect(await read(() => violation!(row(1, 0, 0), row(50, 0, 60)))).toEqual([0, 50, 0]);
});
