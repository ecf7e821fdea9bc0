import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { requireFloat, UnrolledError } from '@unrolled/contracts';

/**
 * Projects every atom onto the unit sphere, a ← a/‖a‖, the norm over all axes but the last.
 *
 * An atom that is exactly zero has no nearest point on the sphere: it stays zero. Entries of any size will do, as the
 * norm is taken relative to the largest one.
 *
 * @param atoms `[features, atoms]`, `[time, channels, atoms]`, `[height, width, channels, atoms]`
 * @returns a fresh tensor of the same shape
 * @throws `INVALID_SHAPE` below two axes, `INVALID_DTYPE`
 * @example
 * ```ts
 * const normed = unitSphere(tf.tensor2d([[3, 0], [4, 0]])); // [[0.6, 0], [0.8, 0]]
 * ```
 */
export function unitSphere(atoms: Tensor): Tensor {
  return tf.tidy(() => {
    const { direction, length } = polar(atoms);
    // The largest entry of a direction is 1, so that its length is at least 1 unless the atom is zero.
    return tf.div(direction, tf.maximum(length, 1));
  });
}

/**
 * Projects every atom onto the unit ball, a ← a/max(1, ‖a‖), the norm over all axes but the last. A zero atom stays
 * zero.
 *
 * @param atoms `[features, atoms]`, `[time, channels, atoms]`, `[height, width, channels, atoms]`
 * @returns a fresh tensor of the same shape
 * @throws `INVALID_SHAPE` below two axes, `INVALID_DTYPE`
 * @example
 * ```ts
 * const bounded = unitBall(tf.tensor2d([[3, 0.3], [4, 0.4]])); // [[0.6, 0.3], [0.8, 0.4]]
 * ```
 */
export function unitBall(atoms: Tensor): Tensor {
  return tf.tidy(() => {
    const { largest, length } = polar(atoms);
    return tf.div(atoms, tf.maximum(tf.mul(largest, length), 1));
  });
}

/** An atom as largest·direction, the largest entry of the direction being ±1: squares neither overflow nor vanish. */
function polar(atoms: Tensor): { largest: Tensor; direction: Tensor; length: Tensor } {
  if (!(atoms?.shape?.length >= 2)) {
    const given = atoms?.shape ? `shape [${atoms.shape}]` : String(atoms);
    throw new UnrolledError('INVALID_SHAPE', `atoms: expected a tensor [features…, atoms], got ${given}`);
  }
  requireFloat('atoms', atoms);
  const axes = atoms.shape.map((_, axis) => axis).slice(0, -1);
  const largest = tf.max(tf.abs(atoms), axes, true);
  const direction = tf.div(atoms, tf.where(tf.greater(largest, 0), largest, tf.onesLike(largest)));
  return { largest, direction, length: tf.sqrt(tf.sum(tf.square(direction), axes, true)) };
}
