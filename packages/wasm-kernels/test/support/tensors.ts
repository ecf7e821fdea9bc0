import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { expect } from 'vitest';

/** Seeded normal numbers that float32 holds exactly. */
export function draw(seed: number, size: number): Float32Array {
  const generator = random(seed);
  return Float32Array.from({ length: size }, () => generator.normal());
}

/** A tensor of seeded normal numbers. */
export const normal = (seed: number, shape: readonly number[]): Tensor =>
  tf.tensor(draw(seed, tf.util.sizeFromShape([...shape])), [...shape]);

/**
 * The values of a tensor, which is disposed of, against float64.
 *
 * Sums of at most a thousand products of normal numbers round to some √1000 · 6e-8 of the largest value: 1e-5 is five times
 * that, and a thousandth of what one wrong term makes.
 */
export async function expectClose(
  tensor: Tensor,
  expected: ArrayLike<number>,
  tolerance = 1e-5,
): Promise<void> {
  const values = await tensor.data();
  tensor.dispose();
  expect(values.length).toBe(expected.length);
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
  let worst = 0;
  for (let index = 0; index < expected.length; index++) {
    const error = Math.abs(values[index]! - expected[index]!) / largest;
    if (!(error <= worst)) worst = error;
  }
  expect(worst).toBeLessThan(tolerance);
}
