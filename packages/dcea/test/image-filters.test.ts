import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { beforeAll, expect, test } from 'vitest';
import { imageFilters } from '../src/index.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

test('filters of one norm, normal noise, the same for a seed', async () => {
  const filters = imageFilters({ size: [5, 4], atoms: 7, channels: 3 });
  expect(filters.shape).toEqual([5, 4, 3, 7]);
  for (const norm of await tf.norm(tf.reshape(filters, [60, 7]), 2, 0).data())
    expect(norm / 0.0147).toBeCloseTo(1, 5);
  expect(await imageFilters({ size: [5, 4], atoms: 7, channels: 3, seed: 0 }).data()).toEqual(
    await filters.data(),
  );
  const other = imageFilters({ size: 11, atoms: 2, norm: 2, seed: 1 });
  expect(other.shape).toEqual([11, 11, 1, 2]);
  expect((await tf.sum(tf.square(other)).data())[0]).toBeCloseTo(8, 4);
});

test.each<[object, string]>([
  [{ size: 0 }, 'height: expected a whole number'],
  [{ size: [3] }, 'size: expected a number, or [height, width]'],
  [{ size: [3, 2.5] }, 'width'],
  [{ atoms: 0 }, 'atoms'],
  [{ channels: -1 }, 'channels'],
  [{ norm: 0 }, 'norm'],
  [{ norms: 1 }, 'unknown option'],
  [{ seed: -1 }, 'seed'],
])('refuses %j', (wrong, message) => {
  expect(() => imageFilters({ size: 3, atoms: 2, ...wrong })).toThrow(message);
});
