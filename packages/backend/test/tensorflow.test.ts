import type { KernelBackend } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, it, vi } from 'vitest';
import { tensorflow } from '../src/backends/tensorflow.ts';
import { useBackend } from '../src/index.ts';

// What there is to say about TensorFlow's C library without having it. With it: UNROLLED_BACKENDS=tensorflow.

/** Registers what looks like tfjs-node's backend. */
const register = (members: object = {}) =>
  tf.registerBackend(
    'tensorflow',
    () =>
      ({
        binding: { TF_Version: '2.9.1' },
        isGPUPackage: false,
        isUsingGpuDevice: false,
        dispose: () => undefined,
        ...members,
      }) as unknown as KernelBackend,
  );

afterEach(() => {
  vi.doUnmock('@tensorflow/tfjs-node');
  if (tf.findBackendFactory('tensorflow')) tf.removeBackend('tensorflow');
});

it.each([
  [{}, 'TensorFlow 2.9.1, CPU'],
  [{ isGPUPackage: true }, 'TensorFlow 2.9.1, CPU, for want of a CUDA device'],
  [{ isGPUPackage: true, isUsingGpuDevice: true }, 'TensorFlow 2.9.1, CUDA'],
])('uses what the program has loaded itself: %o', async (members, device) => {
  register(members);
  expect(await tensorflow.find()).toEqual({ present: true, device, software: false });
});

it('leaves in use what was, though tfjs-node puts itself in use as it is loaded', async () => {
  await useBackend('cpu');
  vi.doMock('@tensorflow/tfjs-node', () => {
    register();
    tf.setBackend('tensorflow');
    return { version: {} };
  });
  expect(await tensorflow.find()).toMatchObject({ present: true });
  expect(tf.getBackend()).toBe('cpu');
});

it('says so where tfjs-node has found another copy of tfjs-core', async () => {
  vi.doMock('@tensorflow/tfjs-node', () => ({ version: {} }));
  expect(await tensorflow.find()).toMatchObject({
    present: false,
    reason: expect.stringContaining('another copy of @tensorflow/tfjs-core'),
  });
});

it('says so where it is installed but does not load', async () => {
  vi.doMock('@tensorflow/tfjs-node', () => {
    throw new Error('libtensorflow.so.2: cannot open shared object file');
  });
  expect(await tensorflow.find()).toMatchObject({
    present: false,
    reason: expect.stringContaining('does not load'),
  });
});
