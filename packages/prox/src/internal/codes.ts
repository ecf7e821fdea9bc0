import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '@unrolled/backend';
import {
  requireBroadcast as requireBroadcastTo,
  requireFloat,
  requirePositive,
  requireShape,
  UnrolledError,
} from '@unrolled/contracts';

/** A float32 tensor `[batch, …]`, returned as it is. */
export function requireCode(name: string, code: Tensor): Tensor {
  if (!(code?.shape?.length >= 2)) {
    const given = code?.shape ? `shape [${code.shape}]` : String(code);
    throw new UnrolledError('INVALID_SHAPE', `${name}: expected a tensor [batch, …], got ${given}`);
  }
  requireFloat(name, code);
  return code;
}

/** A code and a gradient of its shape. */
export function requireGradient(x: Tensor, gradient: Tensor): void {
  requireCode('x', x);
  requireCode('gradient', gradient);
  requireShape('gradient', gradient.shape, x.shape, 'a tensor of the shape of x');
}

/** A step > 0; of a tensor, which is not read, the type alone. */
export function requireStep(step: number | Tensor): number | Tensor {
  if (!(step instanceof tf.Tensor)) return requirePositive('step', step);
  requireFloat('step', step);
  return step;
}

/** Refuses a tensor that would not broadcast to the shape of a code, or would make it larger. */
export const requireBroadcast = (name: string, tensor: Tensor, shape: readonly number[]): void =>
  requireBroadcastTo(name, tensor, shape, 'the code');

/** Sums everything but the batch: `[batch, …]` → `[batch]`. */
export const perExample = (values: Tensor): Tensor => tf.sum(values, axesWithin(values));

/** The least of everything but the batch: `[batch, …]` → `[batch]`. */
export const leastPerExample = (values: Tensor): Tensor => tf.min(values, axesWithin(values));

/** The largest of everything but the batch: `[batch, …]` → `[batch]`. */
export const largestPerExample = (values: Tensor): Tensor => tf.max(values, axesWithin(values));

const axesWithin = (values: Tensor): number[] => values.shape.map((_, axis) => axis).slice(1);

/**
 * The indicator of a set: 0 for every example whose `excess` is nowhere above `tolerance`, +∞ for the others.
 * `excess` `[batch, …]` says by how much each entry is outside. Off the tape: comparisons have no gradient in tfjs,
 * and a loss with a prior's value in it is trained through.
 */
export const indicator = (excess: () => Tensor, tolerance: number): Tensor =>
  withoutGradient(() => {
    const outside = tf.greater(largestPerExample(excess()), tolerance);
    return tf.where(outside, tf.fill(outside.shape, Number.POSITIVE_INFINITY), tf.zeros(outside.shape));
  });

/** The indicator of x ≥ 0. Entries down to −1e-6 count as ≥ 0: float32 rounding of codes of order 1. */
export const nonNegativeIndicator = (x: Tensor): Tensor => indicator(() => tf.neg(x), 1e-6);
