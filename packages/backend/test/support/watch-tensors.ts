import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { useBackend } from '../../src/index.ts';
import { backendsHere } from './backends.ts';

const [backend] = await backendsHere(['wasm']);

/** Makes wasm ready, or the backend that is asked for, and fails a test that leaves a tensor behind. */
export function watchTensors(): void {
  beforeAll(() => useBackend(backend));
  let before = 0;
  beforeEach(() => {
    before = tf.memory().numTensors;
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(before));
}
