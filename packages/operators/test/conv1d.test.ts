import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { conv1d } from '../src/index.ts';
import { convolutionMatrix, largestGain } from './reference/convolution.ts';
import { matrixOf, squaredNorm } from './reference/linear-algebra.ts';
import { normal, normalValues } from './reference/normal.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

test('is the full convolution, and its adjoint the valid correlation', async () => {
  const operator = conv1d(tf.tensor3d([1, 2], [2, 1, 1]));
  const y = operator.apply(tf.tensor3d([1, 0, 3], [1, 3, 1]));
  expect(y.shape).toEqual([1, 4, 1]);
  expect([...(await y.data())]).toEqual([1, 2, 3, 6]);
  expect([...(await operator.adjoint(tf.tensor3d([1, 2, 3, 6], [1, 4, 1])).data())]).toEqual([5, 8, 15]);
});

test('O-1: equals the matrix that is written down entry by entry, for all sizes and strides', async () => {
  const sizes = fc.record({
    time: fc.integer({ min: 1, max: 9 }),
    channels: fc.integer({ min: 1, max: 3 }),
    atoms: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 5 }),
    positions: fc.integer({ min: 1, max: 7 }),
  });
  await fc.assert(
    fc.asyncProperty(sizes, async ({ time, channels, atoms, stride, positions }) => {
      const shape = [time, channels, atoms];
      const h = convolutionMatrix({ values: normalValues(shape), time, channels, atoms, stride }, positions);
      const filters = normal(shape);
      const operator = conv1d(filters, { stride });
      const samples = (positions - 1) * stride + time;
      const [codeShape, signalShape] = [
        [1, positions, atoms],
        [1, samples, channels],
      ];
      expect(operator.codeShape(signalShape)).toEqual(codeShape);
      const [x, y] = [normal(codeShape, 2), normal(signalShape, 3)];
      const [hx, hty] = [operator.apply(x), operator.adjoint(y)];
      expect(hx.shape).toEqual(signalShape);
      expect(hty.shape).toEqual(codeShape);
      const expectedHx = h.mmul(matrixOf(normalValues(codeShape, 2), positions * atoms, 1)).to1DArray();
      const expectedHty = h
        .transpose()
        .mmul(matrixOf(normalValues(signalShape, 3), samples * channels, 1))
        .to1DArray();
      // Sums of at most 36 products of normal numbers: some ten units of float32's last place.
      for (const [i, value] of (await hx.data()).entries()) expect(value).toBeCloseTo(expectedHx[i]!, 4);
      for (const [i, value] of (await hty.data()).entries()) expect(value).toBeCloseTo(expectedHty[i]!, 4);
      tf.dispose([filters, x, y, hx, hty]);
    }),
    { numRuns: 60, seed: 1 },
  );
});

describe('lipschitz', () => {
  const banks: [time: number, channels: number, atoms: number, stride: number][] = [
    [1, 1, 1, 1],
    [9, 1, 1, 1],
    [9, 2, 3, 1],
    [9, 2, 3, 2],
    [8, 1, 4, 3],
    [5, 3, 2, 4],
    [4, 2, 3, 4],
    [3, 2, 3, 5],
  ];

  test.each(banks)(
    'bounds the norm at every length: K = %i, %i channels, %i atoms, stride %i',
    async (...sizes) => {
      const [time, channels, atoms, stride] = sizes;
      const shape = [time, channels, atoms];
      const bound = await conv1d(normal(shape), { stride }).lipschitz();
      let last = 0;
      for (const positions of [1, 2, 5, 60]) {
        const matrix = convolutionMatrix(
          { values: normalValues(shape), time, channels, atoms, stride },
          positions,
        );
        last = squaredNorm(matrix);
        expect(bound).toBeGreaterThanOrEqual(last * (1 - 1e-12)); // rounding of the reference
      }
      // What a finite signal still lacks falls with the square of its length: less than 3 % at 60 positions.
      expect(bound).toBeLessThan(last * 1.03);
      // Without overlap nothing depends on the length.
      if (time <= stride) expect(bound).toBeLessThan(last * (1 + 1e-5));
    },
  );

  test('is within 0.2 % of the norm for smooth filters, whose norm long signals reach', async () => {
    const [time, atoms] = [30, 3];
    const values = Float32Array.from({ length: time * atoms }, (_, index) => {
      const [k, atom] = [Math.floor(index / atoms), index % atoms];
      return Math.exp(-((k - 15) ** 2) / (2 * (3 + 2 * atom) ** 2)) * (atom === 1 ? (15 - k) / 5 : 1);
    });
    const bound = await conv1d(tf.tensor3d(values, [time, 1, atoms])).lipschitz();
    const largest = largestGain(values, time, atoms);
    expect(bound).toBeGreaterThanOrEqual(largest);
    expect(bound).toBeLessThan(largest * 1.002);
  });

  test('catches a peak that lies between coarse grid points', async () => {
    // A pure tone of 64 samples: its spectrum is a peak of width 2π/64 anywhere.
    for (const frequency of [0.1, 0.5001, 1.234, 2.9999]) {
      const tone = Float32Array.from({ length: 64 }, (_, k) => Math.cos(frequency * k));
      const bound = await conv1d(tf.tensor3d(tone, [64, 1, 1])).lipschitz();
      const largest = largestGain(tone, 64, 1);
      expect(bound).toBeGreaterThanOrEqual(largest);
      expect(bound).toBeLessThan(largest * 1.002);
    }
  });

  test('of filters that are zero is zero', async () => {
    expect(await conv1d(tf.zeros([5, 2, 3])).lipschitz()).toBe(0);
  });
});

test('gradients reach the filters through synthesis and analysis', async () => {
  const gradient = tf.grad((filters: tf.Tensor) => {
    const operator = conv1d(filters, { stride: 2 });
    return tf.sum(operator.apply(tf.tensor3d([1, 3], [1, 2, 1])));
  })(tf.tensor3d([1, 2, 3], [3, 1, 1]));
  expect([...(await gradient.data())]).toEqual([4, 4, 4]);
});

describe('refuses', () => {
  const filters = () => normal([4, 2, 3]);
  const refused: [string, () => unknown, string][] = [
    [
      'filters of two axes',
      () => conv1d(normal([4, 2])),
      'filters: expected [time, channels, atoms], got shape [4,2]',
    ],
    [
      'filters that are no tensor',
      () => conv1d([1, 2] as never),
      'filters: expected [time, channels, atoms]',
    ],
    ['empty filters', () => conv1d(tf.zeros([0, 1, 1])), 'filters: expected no empty axis, got [0,1,1]'],
    ['integers', () => conv1d(tf.zeros([2, 1, 1], 'int32')), 'filters: expected a float32 tensor, got int32'],
    ['a stride of 0', () => conv1d(filters(), { stride: 0 }), 'stride: expected a whole number ≥ 1, got 0'],
    [
      'half a stride',
      () => conv1d(filters(), { stride: 1.5 }),
      'stride: expected a whole number ≥ 1, got 1.5',
    ],
    ['an unknown option', () => conv1d(filters(), { strides: 2 } as never), 'unknown option "strides"'],
    [
      'a code of other atoms',
      () => conv1d(filters()).apply(normal([1, 5, 2])),
      'x: expected [batch, positions, atoms]',
    ],
    [
      'a signal of other channels',
      () => conv1d(filters()).adjoint(normal([1, 9, 1])),
      'y: expected [batch, time, channels]',
    ],
    [
      'a signal shorter than a filter',
      () => conv1d(filters()).codeShape([1, 3, 2]),
      'expected a time of 4 + 1·m samples',
    ],
    [
      'a signal that the stride does not fit',
      () => conv1d(filters(), { stride: 3 }).adjoint(normal([1, 9, 2])),
      'expected a time of 4 + 3·m samples (filters of 4, stride 3), got 9',
    ],
  ];
  test.each(refused)('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });

  test('infinite filters', async () => {
    const operator = conv1d(tf.tensor3d([1, Number.POSITIVE_INFINITY], [2, 1, 1]));
    await expect(operator.lipschitz()).rejects.toThrow(
      'filters: expected finite numbers, got Infinity at index 1',
    );
  });
});
