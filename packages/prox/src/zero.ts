import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Prior } from '@unrolled/contracts';
import { indicator, requireCode, requireGradient, requireStep } from './internal/codes.ts';

/**
 * No penalty at all: Φ(x) = 0, prox(v, α) = v. A network with it has linear layers; a solver does least squares.
 *
 * @example
 * ```ts
 * const prior = zero();
 * const same = prior.prox(tf.tensor2d([[1, -2]]), 0.5); // [[1, −2]]
 * ```
 */
export function zero(): Prior<never> {
  return prior;
}

const prior: Prior<never> = Object.freeze({
  name: 'zero',
  convex: true,
  parameters: Object.freeze({}),
  value: (x: Tensor) => tf.zeros([requireCode('x', x).shape[0]!]),
  prox: (v: Tensor, step: number | Tensor) => {
    requireStep(step);
    return tf.clone(requireCode('v', v));
  },
  shrinkage: (step: number | Tensor) => {
    requireStep(step);
    return { below: tf.scalar(0), above: tf.scalar(0), slope: tf.scalar(1) };
  },
  violation: (x: Tensor, gradient: Tensor) => {
    requireGradient(x, gradient);
    return tf.abs(gradient);
  },
  /** 0 at c = 0, within 1e-5, and +∞ elsewhere. */
  conjugateValue: (c: Tensor) => tf.tidy(() => indicator(() => tf.abs(requireCode('c', c)), 1e-5)),
  with: () => prior,
});
