import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { beforeAll, expect, test } from 'vitest';
import { convolution, requireAtoms } from '../src/index.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

test('convolution is what the rank of the filters says, with its stride', () => {
  const time = convolution(tf.ones([5, 2, 3]), { stride: 2 });
  expect(time.name).toBe('conv1d');
  expect(time.codeShape([1, 9, 2])).toEqual([1, 3, 3]);
  expect(time.grid).toEqual({ extent: [5], stride: [2] });
  const images = convolution(tf.ones([3, 2, 1, 4]), { stride: [2, 1] });
  expect(images.name).toBe('conv2d');
  expect(images.codeShape([1, 7, 6, 1])).toEqual([1, 3, 5, 4]);
  expect(images.grid).toEqual({ extent: [3, 2], stride: [2, 1] });
  expect(convolution(tf.ones([3, 3, 1, 4])).grid).toEqual({ extent: [3, 3], stride: [1, 1] });
});

test('convolution refuses what are no filters, and a pair of strides over time', () => {
  expect(() => convolution(tf.ones([3, 2]))).toThrow('filters: expected filters [time, channels, atoms] or');
  expect(() => convolution(undefined as unknown as tf.Tensor)).toThrow('filters');
  expect(() => convolution(tf.ones([5, 1, 2]), { stride: [1, 2] })).toThrow('stride: expected one number');
  expect(() => convolution(tf.ones([5, 1, 2]), { strides: 2 } as object)).toThrow('unknown option "strides"');
});

test('requireAtoms refuses atoms that are zero or not finite, by their number', async () => {
  await requireAtoms('filters', tf.ones([2, 1, 3]));
  const zero = tf.tensor3d([1, 0, 0, 0, 0, 3], [2, 1, 3]);
  await expect(requireAtoms('filters', zero)).rejects.toThrow(
    'filters: expected filters that are not zero, got "zero for atom 1"',
  );
  await expect(requireAtoms('filters', tf.tensor2d([[1, Number.NaN]]))).rejects.toThrow('NaN at index 1');
  await expect(requireAtoms('filters', tf.ones([2, 2], 'int32'))).rejects.toThrow('float32');
});
