import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { backendsHere } from '../../backend/test/support/backends.ts';

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

/** Normal numbers of a seed. */
export function normals(seed: number, ...shape: number[]): Float32Array {
  const draw = random(seed);
  return Float32Array.from({ length: shape.reduce((size, length) => size * length, 1) }, () => draw.normal());
}

/** ‖found − expected‖ / ‖expected‖ */
export function relative(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  const of = (f: (index: number) => number) =>
    Math.hypot(...Array.from({ length: expected.length }, (_, i) => f(i)));
  return of((i) => expected[i]! - found[i]!) / of((i) => expected[i]!);
}
