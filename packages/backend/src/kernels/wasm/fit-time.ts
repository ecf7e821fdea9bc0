import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * A signal `[batch, time, channels]` with `front` zeros before it, and padded or cropped behind to `size` samples in all.
 *
 * Padded as a matrix with one row an example: tfjs pads row by row, and a row of one sample costs as much as a whole example.
 */
export function fitTime(tensor: Tensor, size: number, front = 0): Tensor {
  const [batch, time, channels] = tensor.shape as [number, number, number];
  const behind = size - time - front;
  if (behind < 0) return tf.slice(tensor, [0, 0, 0], [batch, size, channels]);
  if (behind === 0 && front === 0) return tensor;
  const rows = tf.pad(tf.reshape(tensor, [batch, time * channels]), [
    [0, 0],
    [front * channels, behind * channels],
  ]);
  return tf.reshape(rows, [batch, size, channels]);
}
