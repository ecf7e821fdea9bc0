import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '@unrolled/backend';
import type { Prior } from '@unrolled/contracts';
import { perExample, requireBroadcast, requireCode, requireGradient, requireStep } from './internal/codes.ts';
import { isRow, shrinkageOf } from './internal/shrinkage.ts';
import { type Weight, weightTensor } from './internal/weight.ts';

/**
 * The ridge (Tikhonov) penalty, a Gaussian prior of variance 1/weight:
 *
 *     Φ(x) = Σ_j ½ w_j x_j²,    prox(v, α) = v / (1 + α w)
 *
 * As an activation: a linear scaling.
 *
 * @param weight w ≥ 0: a number, `[atoms]`, or a tensor that broadcasts to the code `[batch, …]`
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` for a weight that is negative, empty or not finite; `INVALID_SHAPE` in use
 *   where the weight does not broadcast to the code
 * @example
 * ```ts
 * const prior = ridge(1);
 * const shrunk = prior.prox(tf.tensor2d([[3, -4]]), 1); // [[1.5, −2]]
 * ```
 */
export function ridge(weight: Weight): Prior<'weight'> {
  return ridgeNamed('weight', weight);
}

/** A ridge whose weight goes by another name in messages: it is a part of another prior. */
export function ridgeNamed(name: string, weight: Weight): Prior<'weight'> {
  const w = weightTensor(name, weight);
  return Object.freeze({
    name: 'ridge',
    convex: true,
    parameters: Object.freeze({ weight: w }),
    value: (x: Tensor) =>
      tf.tidy(() => {
        requireBroadcast(name, w, requireCode('x', x).shape);
        return tf.mul(0.5, perExample(tf.mul(w, tf.square(x))));
      }),
    prox: (v: Tensor, step: number | Tensor) =>
      tf.tidy(() => {
        const shrinkage = tf.add(1, tf.mul(w, requireStep(step)));
        requireBroadcast(name, shrinkage, requireCode('v', v).shape);
        return tf.div(v, shrinkage);
      }),
    ...(isRow(w) && {
      shrinkage: (step: number | Tensor) =>
        shrinkageOf(() => ({
          below: tf.scalar(0),
          above: tf.scalar(0),
          slope: tf.div(1, tf.add(1, tf.mul(w, requireStep(step)))),
        })),
    }),
    violation: (x: Tensor, gradient: Tensor) =>
      tf.tidy(() => {
        requireGradient(x, gradient);
        requireBroadcast(name, w, x.shape);
        return tf.abs(tf.add(gradient, tf.mul(w, x)));
      }),
    /** Σ c² / 2w, +∞ where w = 0 and c ≠ 0. */
    conjugateValue: (c: Tensor) =>
      tf.tidy(() => {
        requireBroadcast(name, w, requireCode('c', c).shape);
        const ratio = tf.div(tf.square(c), tf.mul(2, w));
        const none = withoutGradient(() => tf.equal(c, 0));
        return perExample(tf.where(none, tf.zerosLike(c), ratio));
      }),
    with: (parameters: { readonly weight: Tensor }) => ridgeNamed(name, parameters.weight),
  });
}
