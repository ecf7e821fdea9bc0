import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';

/** Normal numbers, as float32 has them. */
export function normalValues(size: number, seed = 1, deviation = 1): Float32Array {
  const generator = random(seed);
  return Float32Array.from({ length: size }, () => generator.normal(0, deviation));
}

/** Reads the result of `f`, an array of numbers, and leaves no tensor behind. */
export async function read(f: () => tf.Tensor): Promise<number[]> {
  const result = tf.tidy(f);
  const values = Array.from(await result.data());
  result.dispose();
  return values;
}

/** One example, `[1, atoms]`. */
export const row = (...values: number[]): tf.Tensor2D => tf.tensor2d(values, [1, values.length]);
