import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { Matrix } from 'ml-matrix';
import { beforeAll, describe, expect, test } from 'vitest';
import { dense } from '../src/index.ts';
import { matrixOf, regularizedInverse, squaredNorm } from './reference/linear-algebra.ts';
import { normal, normalValues } from './reference/normal.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

/** Taller, wider, square, of one row, of one column. */
const shapes: [number, number][] = [
  [9, 4],
  [4, 9],
  [6, 6],
  [1, 5],
  [5, 1],
];

describe.each(shapes)('%i features, %i atoms', (features, atoms) => {
  const values = normalValues([features, atoms]);
  const reference = matrixOf(values, features, atoms);

  test('applies the matrix and its transpose', async () => {
    const operator = dense(normal([features, atoms]));
    const x = normalValues([1, atoms], 2);
    const y = normalValues([1, features], 3);
    const ax = await operator.apply(tf.tensor2d(x, [1, atoms])).data();
    const aty = await operator.adjoint(tf.tensor2d(y, [1, features])).data();
    // A sum of at most nine products: a few units of float32's last place.
    const expectedAx = reference.mmul(matrixOf(x, atoms, 1)).to1DArray();
    for (const [i, value] of ax.entries()) expect(value).toBeCloseTo(expectedAx[i]!, 5);
    const expectedAty = reference
      .transpose()
      .mmul(matrixOf(y, features, 1))
      .to1DArray();
    for (const [i, value] of aty.entries()) expect(value).toBeCloseTo(expectedAty[i]!, 5);
  });

  test('bounds its norm from above, and closely', async () => {
    const bound = await dense(normal([features, atoms])).lipschitz();
    const exact = squaredNorm(reference);
    expect(bound).toBeGreaterThanOrEqual(exact * (1 - 1e-12)); // rounding of the reference
    expect(bound).toBeLessThan(exact * (1 + 1e-5));
  });

  test.each([1e-3, 1, 100])('has (μ I + Aᵀ A)⁻¹ at μ = %d', async (mu) => {
    const operator = dense(normal([features, atoms]));
    const solve = await operator.solveRegularized(mu);
    const expected = regularizedInverse(reference, mu);
    const scale = Math.max(...expected.to1DArray().map(Math.abs));
    const matrix = await solve.matrix().data();
    const largest = Math.max(...expected.to1DArray().map((entry, i) => Math.abs(entry - matrix[i]!)));
    expect(largest).toBeLessThan(1e-7 * scale); // the rounding to float32 at the end
    const q = normalValues([2, atoms], 4);
    const solved = await solve.solve(tf.tensor2d(q, [2, atoms])).data();
    const products = matrixOf(q, 2, atoms).mmul(expected).to1DArray();
    for (const [i, value] of solved.entries())
      expect(Math.abs(value - products[i]!)).toBeLessThan(1e-5 * scale);
    solve.dispose();
  });
});

test('O-11: S⁻¹ − μ I is Aᵀ A, by Woodbury too', async () => {
  const [features, atoms, mu] = [5, 8, 0.7];
  const solve = await dense(normal([features, atoms])).solveRegularized(mu);
  const s = matrixOf(await solve.matrix().data(), atoms, atoms);
  const a = matrixOf(normalValues([features, atoms]), features, atoms);
  const product = s.mmul(a.transpose().mmul(a).add(Matrix.eye(atoms).mul(mu)));
  expect(product.sub(Matrix.eye(atoms)).norm()).toBeLessThan(1e-5); // float32 of S times ‖A‖² + μ, about 20
  solve.dispose();
});

test('bounds the norm of atoms that are all the same, where the power method alone sees a flat spectrum', async () => {
  const repeated = tf.ones([4, 300]);
  expect(await dense(repeated).lipschitz()).toBeCloseTo(1200, 1);
  const orthonormal = tf.eye(40);
  expect(await dense(orthonormal).lipschitz()).toBeCloseTo(1, 5);
  expect(await dense(tf.zeros([3, 2])).lipschitz()).toBe(0);
});

test('scales far from 1 keep their bound', async () => {
  for (const scale of [1e-15, 1e15]) {
    const values = normalValues([5, 7]).map((value) => value * scale);
    const bound = await dense(tf.tensor2d(values, [5, 7])).lipschitz();
    const exact = squaredNorm(matrixOf(values, 5, 7));
    expect(bound / exact).toBeGreaterThanOrEqual(1 - 1e-12);
    expect(bound / exact).toBeLessThan(1 + 1e-5);
  }
});

test('gradients reach the atoms through synthesis and analysis', async () => {
  const gradient = tf.grad((atoms: tf.Tensor) => {
    const operator = dense(atoms);
    return tf.sum(operator.adjoint(operator.apply(tf.tensor2d([[1, -2]]))));
  })(
    tf.tensor2d([
      [1, 2],
      [3, 4],
    ]),
  );
  // f = Σ_k a_k·Σ_j x_j a_j: its derivative in A is s xᵀ + (A x) 1ᵀ, s the sum of the atoms.
  expect([...(await gradient.data())]).toEqual([3 - 3, -6 - 3, 7 - 5, -14 - 5]);
});

describe('refuses', () => {
  const refused: [string, () => unknown, string][] = [
    [
      'atoms that are no matrix',
      () => dense(tf.zeros([3])),
      'atoms: expected [features, atoms], got shape [3]',
    ],
    ['what is no tensor', () => dense(3 as never), 'atoms: expected [features, atoms], got 3'],
    ['integers', () => dense(tf.zeros([2, 2], 'int32')), 'atoms: expected a float32 tensor, got int32'],
    ['no atoms', () => dense(tf.zeros([3, 0])), 'at least one feature and one atom'],
    [
      'a code of another size',
      () => dense(normal([3, 2])).apply(normal([1, 3])),
      'x: expected [batch, atoms]',
    ],
    [
      'a signal of another size',
      () => dense(normal([3, 2])).adjoint(normal([1, 2])),
      'y: expected [batch, features]',
    ],
    ['a shape of another size', () => dense(normal([3, 2])).codeShape([1, 2]), 'signalShape: expected'],
  ];
  test.each(refused)('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });

  test('a NaN among the atoms, a μ that is not > 0', async () => {
    await expect(dense(tf.tensor2d([[1, Number.NaN]])).lipschitz()).rejects.toThrow(
      'atoms: expected finite numbers, got NaN at index 1',
    );
    for (const mu of [0, -1, Number.NaN])
      await expect(dense(normal([2, 2])).solveRegularized(mu)).rejects.toThrow('mu: expected');
  });
});
