import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import fc from 'fast-check';
import { Matrix } from 'ml-matrix';
import { beforeAll, describe, expect, test } from 'vitest';
import * as trilinear from '../../wasm-kernels/test/reference/trilinear.ts';
import { conv2d } from '../src/index.ts';
import { largestGain2d } from './reference/convolution.ts';
import { squaredNorm } from './reference/linear-algebra.ts';
import { normal, normalValues } from './reference/normal.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const pair = (low: number, high: number) =>
  fc.tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }));

/** The sizes of an image that so many positions reach. */
const reached = ({ filter, strides }: trilinear.Sizes, positions: readonly [number, number]) =>
  [0, 1].map((axis) => (positions[axis]! - 1) * strides[axis]! + filter[axis]!) as [number, number];

test('is the full convolution, and its adjoint the valid correlation', async () => {
  const operator = conv2d(tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]));
  const y = operator.apply(tf.tensor4d([1, 0, 0, 10], [1, 2, 2, 1]));
  expect(y.shape).toEqual([1, 3, 3, 1]);
  expect([...(await y.data())]).toEqual([1, 2, 0, 3, 14, 20, 0, 30, 40]);
  const ones = operator.adjoint(tf.ones([1, 3, 3, 1]));
  expect([...(await ones.data())]).toEqual([10, 10, 10, 10]);
  tf.dispose([operator.parameters, y, ones]);
});

test('O-1: equals the sums that are written down, for all sizes and strides', async () => {
  const sizes = fc.record({
    filter: pair(1, 4),
    channels: fc.integer({ min: 1, max: 3 }),
    atoms: fc.integer({ min: 1, max: 4 }),
    strides: pair(1, 4),
    positions: pair(1, 5),
  });
  await fc.assert(
    fc.asyncProperty(sizes, async ({ positions, ...bank }) => {
      const { filter, channels, atoms, strides } = bank;
      const all: trilinear.Sizes = { ...bank, batch: 2, signal: [0, 0] };
      const whole = { ...all, signal: reached(all, positions) };
      const shapes = [
        [...filter, channels, atoms],
        [2, ...positions, atoms],
        [2, ...whole.signal, channels],
      ] as const;
      const [h, x, y] = shapes.map((shape, seed) => normal(shape, seed + 1)) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const values = shapes.map((shape, seed) => normalValues(shape, seed + 1));
      const operator = conv2d(h, { stride: strides });
      expect(operator.codeShape(y.shape)).toEqual(x.shape);
      const [hx, hty] = [operator.apply(x), operator.adjoint(y)];
      // Sums of at most 64 products of normal numbers: some ten units of float32's last place.
      const expectedHx = trilinear.synthesis(values[1]!, values[0]!, whole);
      const expectedHty = trilinear.analysis(values[2]!, values[0]!, whole);
      for (const [i, value] of (await hx.data()).entries()) expect(value).toBeCloseTo(expectedHx[i]!, 4);
      for (const [i, value] of (await hty.data()).entries()) expect(value).toBeCloseTo(expectedHty[i]!, 4);
      tf.dispose([h, x, y, hx, hty]);
    }),
    { numRuns: 60, seed: 1 },
  );
});

describe('lipschitz', () => {
  /** The matrix of H: its columns are what it makes of every single entry of a code. */
  const matrixOf = (
    values: Float32Array,
    all: trilinear.Sizes,
    positions: readonly [number, number],
  ): Matrix => {
    const whole = { ...all, signal: reached(all, positions) };
    const size = positions[0] * positions[1] * all.atoms;
    const columns = Array.from({ length: size }, (_, entry) => {
      const code = new Float64Array(size);
      code[entry] = 1;
      return Array.from(trilinear.synthesis(code, values, whole));
    });
    return new Matrix(columns).transpose();
  };

  test.each([
    { filter: [1, 1], channels: 1, atoms: 1, strides: [1, 1], near: 1 + 1e-5 },
    { filter: [3, 3], channels: 1, atoms: 2, strides: [1, 1], near: 1.15 },
    { filter: [2, 3], channels: 2, atoms: 3, strides: [1, 1], near: 1.15 },
    { filter: [3, 4], channels: 2, atoms: 3, strides: [2, 2], near: 1.15 },
    { filter: [2, 5], channels: 1, atoms: 2, strides: [1, 3], near: 1.15 },
    { filter: [2, 3], channels: 2, atoms: 3, strides: [2, 4], near: 1 + 1e-5 },
  ] as const)('bounds the norm at every size: $filter, stride $strides', async ({ near, ...bank }) => {
    const all: trilinear.Sizes = { ...bank, batch: 1, signal: [0, 0] };
    const shape = [...bank.filter, bank.channels, bank.atoms];
    const filters = normal(shape);
    const bound = await conv2d(filters, { stride: bank.strides }).lipschitz();
    let last = 0;
    for (const positions of [
      [1, 1],
      [1, 4],
      [3, 2],
      [9, 9],
    ] as const) {
      last = squaredNorm(matrixOf(normalValues(shape), all, positions));
      expect(bound).toBeGreaterThanOrEqual(last * (1 - 1e-12)); // rounding of the reference
    }
    // What a finite image still lacks falls with the square of its size.
    expect(bound).toBeLessThan(last * near);
    filters.dispose();
  });

  test('is within 0.3 % of the supremum, for filters with a peak and for a flat spectrum', async () => {
    const gratings = Float32Array.from({ length: 8 * 8 * 2 }, (_, index) => {
      const [k, l, atom] = [Math.floor(index / 16), Math.floor(index / 2) % 8, index % 2];
      return Math.cos(atom === 0 ? 0.9 * k + 0.4 * l : 0.7 * l - 0.2 * k);
    });
    const impulse = new Float32Array(9 * 9 * 4);
    for (let atom = 0; atom < 4; atom++) impulse[40 * 4 + atom] = 0.5;
    for (const [values, size, atoms] of [
      [gratings, 8, 2],
      [impulse, 9, 4],
    ] as const) {
      const filters = tf.tensor(values, [size, size, 1, atoms]);
      const bound = await conv2d(filters).lipschitz();
      const largest = largestGain2d(values, size, atoms);
      expect(bound).toBeGreaterThanOrEqual(largest * (1 - 1e-12)); // rounding of the reference
      expect(bound).toBeLessThan(largest * 1.003);
      filters.dispose();
    }
  });

  test('of filters that are zero is zero', async () => {
    const filters = tf.zeros([3, 2, 2, 4]);
    expect(await conv2d(filters).lipschitz()).toBe(0);
    filters.dispose();
  });
});

describe('refuses', () => {
  const filters = () => normal([4, 3, 2, 3]);
  const refused: [string, () => unknown, string][] = [
    [
      'filters of three axes',
      () => conv2d(normal([4, 2, 3])),
      'filters: expected [height, width, channels, atoms]',
    ],
    ['empty filters', () => conv2d(tf.zeros([3, 0, 1, 1])), 'filters: expected no empty axis, got [3,0,1,1]'],
    [
      'integers',
      () => conv2d(tf.zeros([2, 2, 1, 1], 'int32')),
      'filters: expected a float32 tensor, got int32',
    ],
    ['a stride of 0', () => conv2d(filters(), { stride: 0 }), 'stride: expected a whole number ≥ 1, got 0'],
    [
      'half a stride',
      () => conv2d(filters(), { stride: [1, 1.5] }),
      'stride[1]: expected a whole number ≥ 1, got 1.5',
    ],
    [
      'one stride in a list',
      () => conv2d(filters(), { stride: [1] as never }),
      'stride: expected a number, or [down, right]',
    ],
    ['an unknown option', () => conv2d(filters(), { strides: 2 } as never), 'unknown option "strides"'],
    [
      'a code of other atoms',
      () => conv2d(filters()).apply(normal([1, 5, 5, 2])),
      'x: expected [batch, rows, columns, atoms]',
    ],
    [
      'an image of other channels',
      () => conv2d(filters()).adjoint(normal([1, 9, 9, 1])),
      'y: expected [batch, height, width, channels]',
    ],
    [
      'an image too low',
      () => conv2d(filters()).codeShape([1, 3, 9, 2]),
      'expected a height of 4 + 1·m pixels',
    ],
    [
      'an image that the stride does not fit',
      () => conv2d(filters(), { stride: [2, 3] }).adjoint(normal([1, 6, 8, 2])),
      'expected a width of 3 + 3·m pixels (filters of 3, stride 3), got 8',
    ],
  ];
  test.each(refused)('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });

  test('infinite filters', async () => {
    await expect(conv2d(tf.tensor4d([1, Number.NaN], [2, 1, 1, 1])).lipschitz()).rejects.toThrow(
      'filters: expected finite numbers, got NaN at index 1',
    );
  });
});
