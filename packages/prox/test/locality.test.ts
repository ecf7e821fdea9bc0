import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { isUnrolledError } from '@unrolled/contracts';
import { beforeAll, describe, expect, test } from 'vitest';
import { locality, simplex } from '../src/index.ts';
import { dictionary } from './reference/dictionary.ts';
import { normalValues, read, row } from './reference/tensors.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const [features, atoms] = [3, 5];
const y = normalValues(features, 1);
const a = normalValues(features * atoms, 2);
const atomOf = (j: number) => Array.from({ length: features }, (_, i) => a[i * atoms + j]!);
const squaredDistance = (p: ArrayLike<number>, q: ArrayLike<number>): number =>
  Array.from(p).reduce((sum, entry, i) => sum + (entry - q[i]!) ** 2, 0);
const distances = Array.from({ length: atoms }, (_, j) => squaredDistance(y, atomOf(j)));

const lambda = 0.7;
const signal = () => tf.tensor2d(y, [1, features]);
const matrix = () => tf.tensor2d(a, [features, atoms]);
const bound = (weight: number = lambda) => locality(weight).bind!(signal(), dictionary(matrix()));

describe('the value', () => {
  const x = [0.1, 0.4, 0, 0.3, 0.2];
  test('is λ Σ x_j ‖y − a_j‖², by differences in float64', async () => {
    const expected = lambda * x.reduce((sum, entry, j) => sum + entry * distances[j]!, 0);
    const [value] = await read(() => bound().value(row(...x)));
    // Some twenty float32 operations.
    expect(Math.abs(value! - expected)).toBeLessThan(2e-6 * expected);
  });
  test('O-16: is λ times the fit, and the spread of the atoms about it', async () => {
    const mean = Array.from({ length: features }, (_, i) =>
      x.reduce((sum, entry, j) => sum + entry * atomOf(j)[i]!, 0),
    );
    const spread = x.reduce((sum, entry, j) => sum + entry * squaredDistance(atomOf(j), mean), 0);
    const [value] = await read(() => bound().value(row(...x)));
    expect(value).toBeCloseTo(lambda * (squaredDistance(y, mean) + spread), 5);
  });
  test('is infinite off the simplex', async () => {
    expect(await read(() => bound().value(row(0.5, 0.4, 0, 0, 0)))).toEqual([Number.POSITIVE_INFINITY]);
  });
});

describe('the prox', () => {
  test('projects v − αλw, whatever ‖y‖² adds to w', async () => {
    const v = [0.3, 1.2, -0.4, 0.8, 0.1];
    const found = await read(() => bound().prox(row(...v), 0.2));
    const shifted = v.map((entry, j) => entry - 0.2 * lambda * distances[j]!);
    const expected = await read(() => simplex().prox(row(...shifted), 1));
    found.forEach((entry, j) => {
      expect(entry).toBeCloseTo(expected[j]!, 5);
    });
  });
  test('has gradients with respect to the atoms and λ: those of finite differences', async () => {
    const upstream = row(...normalValues(atoms, 5));
    // So small a λ that every entry is positive: the projection is then smooth about this point.
    const loss = (weight: tf.Tensor, of: tf.Tensor) =>
      tf.sum(
        tf.mul(
          upstream,
          locality(weight).bind!(signal(), dictionary(of)).prox(row(0.25, 0.2, 0.2, 0.15, 0.2), 0.5),
        ),
      ) as tf.Scalar;
    const gradients = tf.tidy(() => tf.grads(loss)([tf.scalar(0.01), matrix()]));
    const [byWeight, byAtoms] = await Promise.all(gradients.map((gradient) => gradient.data()));
    const at = async (weight: number, values: Float32Array) =>
      (await read(() => loss(tf.scalar(weight), tf.tensor2d(values, [features, atoms]))))[0]!;
    const h = 2 ** -6;
    const slope = ((await at(0.01 + h / 8, a)) - (await at(0.01 - h / 8, a))) / (h / 4);
    // Rounding of the loss, 1e-7, over the step; the loss is linear in λ and quadratic in the atoms.
    expect(Math.abs(byWeight![0]! - slope)).toBeLessThan(2e-4 * Math.abs(slope));
    for (const index of [0, 4, 11]) {
      const moved = (by: number) => a.map((value, i) => (i === index ? value + by : value));
      const difference = ((await at(0.01, moved(h))) - (await at(0.01, moved(-h)))) / (2 * h);
      expect(Math.abs(byAtoms![index]! - difference)).toBeLessThan(2e-5);
    }
    expect(Math.max(...byAtoms!.map(Math.abs))).toBeGreaterThan(1e-3);
  });
});

test('the violation is that of the simplex, λw added to the gradient', async () => {
  const x = row(0.5, 0, 0.5, 0, 0);
  const gradient = distances.map((distance, j) => 1 - lambda * distance + (j % 2));
  const found = await read(() => bound().violation!(x, row(...gradient)));
  for (const entry of found) expect(entry).toBeCloseTo(0, 5);
});

describe('refuses', () => {
  const messageOf = (call: () => unknown): string => {
    try {
      tf.tidy(() => {
        call();
      });
    } catch (error) {
      if (isUnrolledError(error)) return error.message;
      throw error;
    }
    return 'nothing was thrown';
  };
  test.each<[string, () => unknown, string]>([
    ['use before it is bound', () => locality(1).prox(row(1, 2), 1), 'prior.bind(y, operator)'],
    ['a value before it is bound', () => locality(1).value(row(1, 2)), 'prior.bind(y, operator)'],
    ['a negative λ', () => locality(-1), 'numbers ≥ 0'],
    ['a λ that is no number', () => locality(Number.NaN), 'numbers ≥ 0'],
    ['several λ', () => locality([1, 2]), 'one number, λ'],
    ['codes of other atoms', () => bound().prox(row(1, 2), 1), 'a code for every signal'],
    ['a step of 0', () => bound().prox(row(1, 2, 3, 4, 5), 0), 'step'],
    ['images', () => locality(1).bind!(tf.zeros([1, 2, 2, 1]), dictionary(matrix())), '[batch, features]'],
    [
      'an operator of an unknown number of atoms',
      () => {
        const { codeSize: _, ...operator } = dictionary(matrix());
        return locality(1).bind!(signal(), operator);
      },
      'codes [batch, atoms]',
    ],
  ])('%s', (_, call, message) => {
    expect(messageOf(call)).toContain(message);
  });
});
