import * as tf from '@tensorflow/tfjs-core';
import { draw } from '../../backend/test/support/tensors.ts';

/** Normal numbers of a seed. */
export const normals = (seed: number, ...shape: number[]): Float32Array =>
  draw(seed, tf.util.sizeFromShape(shape));

/** ‖found − expected‖ / ‖expected‖ */
export function relative(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  const of = (f: (index: number) => number) =>
    Math.hypot(...Array.from({ length: expected.length }, (_, i) => f(i)));
  return of((i) => expected[i]! - found[i]!) / of((i) => expected[i]!);
}
