import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';

/** Seeded normal numbers that float32 holds exactly. */
export function draw(seed: number, size: number): Float32Array {
  const generator = random(seed);
  return Float32Array.from({ length: size }, () => generator.normal());
}

/** A tensor of seeded normal numbers. */
export const normal = (seed: number, shape: readonly number[]): Tensor =>
  tf.tensor(draw(seed, tf.util.sizeFromShape([...shape])), [...shape]);
