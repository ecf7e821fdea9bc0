import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** `[batch]` as `[batch, 1, …]`, to stand beside a tensor of this rank. */
export const besideExamples = (values: Tensor, rank: number): Tensor =>
  tf.reshape(values, [values.shape[0]!, ...Array<number>(rank - 1).fill(1)]);

/** Σ over everything but the batch: `[batch, …]` → `[batch]`. */
export const sumExamples = (x: Tensor): Tensor => tf.sum(tf.reshape(x, [x.shape[0]!, -1]), 1);

/** The largest |entry| of every example: `[batch, …]` → `[batch]`. */
export const largestOfExamples = (x: Tensor): Tensor => tf.max(tf.reshape(tf.abs(x), [x.shape[0]!, -1]), 1);
