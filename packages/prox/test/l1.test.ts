import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { beforeAll, describe, expect, test } from 'vitest';
import { l1 } from '../src/index.ts';
import { normalValues, read, row } from './reference/tensors.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

describe('identities of the activation table', () => {
  const v = () => tf.tensor2d(normalValues(40, 3), [2, 20]);

  test('ReLU(v) − ReLU(−v) = v: the prox at weight 0, one-sided on both sides', async () => {
    const prior = l1(0, { nonNegative: true });
    const sum = await read(() => tf.sub(prior.prox(v(), 1), prior.prox(tf.neg(v()), 1)));
    expect(sum).toEqual(await read(v));
  });
  test('S_b(v) = R_b(v) − R_b(−v)', async () => {
    const [two, one] = [l1(0.4), l1(0.4, { nonNegative: true })];
    const sides = await read(() => tf.sub(one.prox(v(), 1), one.prox(tf.neg(v()), 1)));
    expect((await read(() => two.prox(v(), 1))).map((x) => x + 0)).toEqual(sides.map((x) => x + 0));
  });
  test('what is below the threshold is exactly 0', async () => {
    expect((await read(() => l1(1).prox(row(0.999, -1, 0), 1))).every((x) => x === 0)).toBe(true);
  });
  test('O-4: at a weight of max|v| the code is exactly 0', async () => {
    const values = normalValues(20, 3);
    const prior = l1(values.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
    expect((await read(() => prior.prox(row(...values), 1))).every((x) => x === 0)).toBe(true);
  });
});

describe('weights', () => {
  const v = () => tf.ones([2, 2, 3]) as tf.Tensor;

  test('one an atom', async () => {
    const x = await read(() => l1([0, 0.25, 2]).prox(v(), 1));
    expect(x.slice(0, 6)).toEqual([1, 0.75, 0, 1, 0.75, 0]);
  });
  test('one an entry, of a tensor', async () => {
    const weight = tf.tensor2d([
      [0, 0.25, 2],
      [0.5, 1, 0.75],
    ]);
    const x = await read(() => l1(weight).prox(v(), 1));
    expect(x.slice(0, 6)).toEqual([1, 0.75, 0, 0.5, 0, 0.25]);
  });
  test('one an example', async () => {
    const weight = tf.tensor3d([0.25, 0.5], [2, 1, 1]);
    const x = await read(() => l1(weight).prox(v(), 1));
    expect([x[0], x[11]]).toEqual([0.75, 0.5]);
  });
  test('are trained: the gradient of a weight counts the active entries, signed', async () => {
    const gradient = await read(() =>
      tf.grad((weight: tf.Tensor) => tf.sum(tf.mul(l1(weight).prox(row(2, -3, 0.1), 0.5), row(1, 10, 100))))(
        tf.scalar(1),
      ),
    );
    // x = sign(v)(|v| − w/2) on the first two entries: dx/dw = −½ sign(v).
    expect(gradient).toEqual([-0.5 + 5]);
  });
  test('one an atom: the gradient sums over batch and time', async () => {
    const gradient = await read(() =>
      tf.grad((weight: tf.Tensor) => tf.sum(l1(weight).prox(v(), 1)))(tf.tensor1d([0.5, 0.25, 2])),
    );
    expect(gradient).toEqual([-4, -4, 0]);
  });
  test('one an entry, or an example: the gradient has its shape', async () => {
    const slope = (weight: tf.Tensor) =>
      read(() => tf.grad((w: tf.Tensor) => tf.sum(l1(w).prox(v(), 1)))(weight));
    expect(await slope(tf.fill([2, 2, 3], 0.5))).toEqual(Array(12).fill(-1));
    expect(await slope(tf.fill([2, 1, 1], 0.5))).toEqual([-6, -6]);
    expect(await slope(tf.fill([1, 2, 1], 0.5))).toEqual([-6, -6]);
  });
  test('a number becomes a tensor that the caller owns, a tensor stays its maker’s', () => {
    const before = tf.memory().numTensors;
    const prior = l1(0.5);
    expect(tf.memory().numTensors).toBe(before + 1);
    tf.dispose(prior.parameters);
    expect(tf.memory().numTensors).toBe(before);
    const weight = tf.scalar(1);
    expect(l1(weight).parameters.weight).toBe(weight);
    weight.dispose();
  });
});

describe('a weight that training made negative', () => {
  test('one-sided: a unit is on at 0', async () => {
    expect(await read(() => l1(tf.scalar(-0.5), { nonNegative: true }).prox(row(0, -1, 1), 1))).toEqual([
      0.5, 0, 1.5,
    ]);
  });
  test('two-sided: expands, still a minimum of −|w||x| + ½(x − v)²', async () => {
    expect(await read(() => l1(tf.scalar(-0.5)).prox(row(0.25, -1, 0), 1))).toEqual([0.75, -1.5, 0]);
  });
});

describe('optimality', () => {
  test('violation: the lasso’s KKT conditions, by hand', async () => {
    const [x, gradient] = [row(2, -2, 0, 0, 1), row(-1, 1, 0.5, -3, -0.5)];
    expect(await read(() => l1(1).violation!(x, gradient))).toEqual([0, 0, 0, 2, 0.5]);
    const one = l1(1, { nonNegative: true });
    expect(await read(() => one.violation!(row(2, 0, 0, 0, -0.25), row(-1, 5, -3, -1, 0)))).toEqual([
      0, 0, 2, 0, 0.25,
    ]);
  });
  test('dualScale: min w/|c|, at most 1, of every example', async () => {
    const c = tf.tensor2d([
      [4, -1],
      [0.5, -8],
      [0.5, 0],
    ]);
    expect(await read(() => l1(2).dualScale!(c))).toEqual([0.5, 0.25, 1]);
    expect(await read(() => l1(2, { nonNegative: true }).dualScale!(c))).toEqual([0.5, 1, 1]);
    expect(await read(() => l1([2, 0.5]).dualScale!(c))).toEqual([0.5, 0.0625, 1]);
  });
  test('value: its gradient at 0 is 0, the subgradient that favours no side', async () => {
    const slopes = await read(() => tf.grad((x: tf.Tensor) => tf.sum(l1(2).value(x)))(row(3, 0, -1)));
    expect(slopes).toEqual([2, 0, -2]);
  });
  test('value: +∞ where a code that should be ≥ 0 is below −1e-6', async () => {
    const prior = l1(1, { nonNegative: true });
    const x = tf.tensor2d([
      [1, -1e-7],
      [1, -1e-3],
    ]);
    const [inside, outside] = await read(() => prior.value(x));
    expect(inside).toBeCloseTo(1, 5);
    expect(outside).toBe(Number.POSITIVE_INFINITY);
  });
});
