import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { beforeAll, describe, expect, test } from 'vitest';
import { unitBall, unitSphere } from '../src/index.ts';
import { normal } from './reference/normal.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

/** The norms over all axes but the last, in float64. */
async function norms(atoms: tf.Tensor): Promise<number[]> {
  const count = atoms.shape.at(-1)!;
  const squares = new Array<number>(count).fill(0);
  for (const [index, value] of (await atoms.data()).entries()) squares[index % count]! += value ** 2;
  return squares.map(Math.sqrt);
}

test.each([[[5, 3]], [[4, 2, 3]], [[3, 3, 2, 4]]])(
  'unitSphere: atoms of shape %j get norm 1',
  async (shape) => {
    const projected = unitSphere(normal(shape));
    expect(projected.shape).toEqual(shape);
    for (const norm of await norms(projected)) expect(norm).toBeCloseTo(1, 6);
  },
);

test('unitSphere: a zero atom stays zero, tiny and huge ones get norm 1', async () => {
  const atoms = tf.tensor2d([
    [3, 0, 3e-30, 3e30],
    [-4, 0, -4e-30, -4e30],
  ]);
  const values = await unitSphere(atoms).data();
  const expected = [0.6, 0, 0.6, 0.6, -0.8, 0, -0.8, -0.8];
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i]!, 6);
});

test('unitBall: shortens what is longer than 1 and leaves the rest as it is, to the bit', async () => {
  const atoms = tf.tensor2d([
    [3, 0.3, 0, 3e-30],
    [4, 0.4, 0, 4e-30],
  ]);
  const values = await unitBall(atoms).data();
  const expected = Float32Array.of(0.6, 0.3, 0, 3e-30, 0.8, 0.4, 0, 4e-30);
  expect(values[0]).toBeCloseTo(0.6, 6);
  expect(values[4]).toBeCloseTo(0.8, 6);
  for (const i of [1, 2, 3, 5, 6, 7]) expect(values[i]).toBe(expected[i]);
});

describe.each([
  ['unitSphere', unitSphere],
  ['unitBall', unitBall],
])('%s', (_, project) => {
  test('is idempotent within rounding, leaves no tensor and its input as it is', async () => {
    const atoms = normal([6, 4]);
    const before = await atoms.data();
    const count = tf.memory().numTensors;
    const once = project(atoms);
    expect(tf.memory().numTensors).toBe(count + 1);
    const [first, second] = [await once.data(), await project(once).data()];
    for (const [i, value] of second.entries()) expect(value).toBeCloseTo(first[i]!, 6);
    expect(await atoms.data()).toEqual(before);
  });
  test('refuses what are no atoms', () => {
    expect(() => project(tf.zeros([3]))).toThrow(
      'atoms: expected a tensor [features…, atoms], got shape [3]',
    );
    expect(() => project(tf.zeros([3, 2], 'int32'))).toThrow('atoms: expected a float32 tensor, got int32');
    expect(() => project(undefined as never)).toThrow('atoms: expected a tensor');
  });
});
