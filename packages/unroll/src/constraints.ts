import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** A projection onto a set that a parameter has to stay in: a fresh tensor of the same shape. */
export type Constraint = (value: Tensor) => Tensor;

/** Projects on {w ≥ 0}: a prior's weight that training has made negative would make its prox expansive. */
export const nonNegative: Constraint = (value) => tf.relu(value);
