import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';

/** Normal numbers of a seed, as a tensor. */
export function normal(shape: number[], seed: number): Tensor {
  const draw = random(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => draw.normal()),
    shape,
  );
}

/** ‖a − b‖ / ‖b‖ */
export function distance(a: Tensor, b: Tensor): number {
  return tf.tidy(() => tf.div(tf.norm(tf.sub(a, b)), tf.norm(b)).dataSync()[0]!);
}

/** A run of something that makes one tensor: waits for its numbers and frees it. */
export function timed(make: () => Tensor): () => Promise<void> {
  return async () => {
    const result = make();
    await result.data();
    result.dispose();
  };
}
