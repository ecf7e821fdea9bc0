import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { EigenvalueDecomposition } from 'ml-matrix';
import { beforeAll, describe, expect, test } from 'vitest';
import { spectralFactor } from '../src/index.ts';
import { matrixOf } from './reference/linear-algebra.ts';
import { normal, normalValues } from './reference/normal.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

describe('spectralFactor', () => {
  test.each([
    ['fewer features than atoms', 5, 9],
    ['fewer atoms than features', 9, 5],
    ['as many', 7, 7],
    ['one', 1, 1],
  ])('is a factor of Aᵀ A with orthogonal rows: %s', async (_, features, atoms) => {
    const factor = await spectralFactor(normal([features, atoms]));
    const rows = Math.min(features, atoms);
    expect(factor.shape).toEqual([rows, atoms]);
    const a = matrixOf(normalValues([features, atoms]), features, atoms);
    const w = matrixOf(await factor.data(), rows, atoms);
    const gram = a.transpose().mmul(a);
    const scale = gram.norm('frobenius');
    // Float32 roundings of the factor's entries.
    expect(w.transpose().mmul(w).sub(gram).norm('frobenius') / scale).toBeLessThan(1e-6);
    const outer = w.mmul(w.transpose());
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < i; j++) expect(Math.abs(outer.get(i, j)) / scale).toBeLessThan(1e-6);
    const expected = new EigenvalueDecomposition(gram).realEigenvalues.sort((x, y) => y - x).slice(0, rows);
    const seen = outer.diagonal().sort((x, y) => y - x);
    for (const [i, value] of seen.entries()) expect(value / expected[i]!).toBeCloseTo(1, 5);
  });

  test('of atoms that repeat has a row of zeros', async () => {
    const factor = await spectralFactor(
      tf.tensor2d([
        [1, 1],
        [1, 1],
        [0, 0],
      ]),
    );
    const values = [...(await factor.data())].map(Math.abs).sort();
    for (const [i, value] of [0, 0, Math.SQRT2, Math.SQRT2].entries())
      expect(values[i]).toBeCloseTo(value, 6);
  });

  test('refuses what is no matrix of numbers, and leaves nothing behind', async () => {
    const bad = [tf.zeros([3]), tf.zeros([2, 2], 'int32'), tf.tensor2d([[1, Number.NaN]])];
    const before = tf.memory().numTensors;
    for (const matrix of bad) await expect(spectralFactor(matrix)).rejects.toThrow('matrix: expected');
    expect(tf.memory().numTensors).toBe(before);
  });
});
