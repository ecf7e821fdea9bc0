import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { requireFloat, requireShape, UnrolledError } from '@unrolled/contracts';

/** A float32 tensor `[batch, …]`, returned as it is. */
export function requireSignal(name: string, signal: Tensor): Tensor {
  if (!(signal?.shape?.length >= 2)) {
    const given = signal?.shape ? `shape [${signal.shape}]` : String(signal);
    throw new UnrolledError('INVALID_SHAPE', `${name}: expected a tensor [batch, …], got ${given}`);
  }
  requireFloat(name, signal);
  return signal;
}

/** Two signals of one shape: the second is the one that `name` names. */
export function requireSameShape(name: string, y: Tensor, other: Tensor): void {
  requireSignal('y', y);
  requireSignal(name, other);
  requireShape(name, other.shape, y.shape, 'a tensor of the shape of y');
}

/** Sums everything but the batch: `[batch, …]` → `[batch]`. */
export const perExample = (values: Tensor): Tensor =>
  tf.sum(values, values.shape.map((_, axis) => axis).slice(1));
