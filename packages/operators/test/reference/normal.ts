import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';

/** Normal numbers, as float32 has them: what the device and a float64 reference are both given. */
export function normalValues(shape: readonly number[], seed = 1): Float32Array {
  const generator = random(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  return Float32Array.from({ length: size }, () => generator.normal());
}

/** Normal numbers on the device. */
export const normal = (shape: readonly number[], seed = 1): tf.Tensor =>
  tf.tensor(normalValues(shape, seed), [...shape]);
