import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '@unrolled/backend';
import { type Prior, UnrolledError } from '@unrolled/contracts';
import {
  indicator,
  perExample,
  requireBroadcast,
  requireCode,
  requireGradient,
  requireStep,
} from './internal/codes.ts';
import { extended, type Weight, weightTensor } from './internal/weight.ts';

/**
 * The indicator of a box: l ≤ x ≤ u entry by entry. Non-negativity is `box(0, Infinity)`.
 *
 *     Φ(x) = 0 inside, +∞ outside,    prox(v, α) = min(max(v, l), u), whatever α
 *
 * `value` takes an entry for inside that is outside by at most 1e-6 times 1 + its bound's size: float32 rounding.
 *
 * @param lower l: a number (−∞ is none), `[atoms]`, or a tensor that broadcasts to the code `[batch, …]`
 * @param upper u ≥ l, the same (+∞ is none). Of tensors the order is not checked: with u < l all become u
 * @throws `INVALID_ARGUMENT` for a NaN, an empty array, arrays of two lengths, or a lower bound above the upper one;
 *   `INVALID_SHAPE` in use where a bound does not broadcast to the code
 * @example
 * ```ts
 * const prior = box(0, 1);
 * const code = prior.prox(tf.tensor2d([[-0.5, 0.5, 2]]), 1); // [[0, 0.5, 1]]
 * ```
 */
export function box(lower: Weight, upper: Weight): Prior<'lower' | 'upper'> {
  requireOrder(lower, upper);
  const l = weightTensor('lower', lower, extended);
  const u = weightTensor('upper', upper, extended);
  const requireFitting = (name: string, code: Tensor): void => {
    requireBroadcast('lower', l, requireCode(name, code).shape);
    requireBroadcast('upper', u, code.shape);
  };
  // The gradient of tfjs's maximum does not sum over what was broadcast; that of a sum does.
  const project = (v: Tensor): Tensor => {
    const zeros = tf.zerosLike(v);
    return tf.minimum(tf.maximum(v, tf.add(l, zeros)), tf.add(u, zeros));
  };
  return Object.freeze({
    name: 'box',
    convex: true,
    parameters: Object.freeze({ lower: l, upper: u }),
    value: (x: Tensor) =>
      tf.tidy(() => {
        requireFitting('x', x);
        return indicator(() => {
          // Where x lies outside, its projection is the bound, which is finite.
          const nearest = project(x);
          return tf.div(tf.abs(tf.sub(x, nearest)), tf.add(1, tf.abs(nearest)));
        }, 1e-6);
      }),
    prox: (v: Tensor, step: number | Tensor) =>
      tf.tidy(() => {
        requireStep(step);
        requireFitting('v', v);
        return project(v);
      }),
    /** −gradient against 0 inside, (−∞, 0] at the lower bound, [0, ∞) at the upper; outside, at least the distance. */
    violation: (x: Tensor, gradient: Tensor) =>
      tf.tidy(() => {
        requireGradient(x, gradient);
        requireFitting('x', x);
        const pull = tf.where(tf.lessEqual(x, l), tf.minimum(gradient, 0), gradient);
        const push = tf.where(tf.greaterEqual(x, u), tf.maximum(pull, 0), pull);
        return tf.maximum(tf.abs(push), tf.abs(tf.sub(x, project(x))));
      }),
    /** Σ max(l c, u c), the support function; +∞ where a bound that is not there would be needed. */
    conjugateValue: (c: Tensor) =>
      tf.tidy(() => {
        requireFitting('c', c);
        const [above, below] = withoutGradient(() => [tf.greater(c, 0), tf.less(c, 0)] as [Tensor, Tensor]);
        // Not a maximum: ∞ · 0 is not a number.
        const negative = tf.where(below, tf.mul(l, c), tf.zerosLike(c));
        return perExample(tf.where(above, tf.mul(u, c), negative));
      }),
    with: (parameters: { readonly lower: Tensor; readonly upper: Tensor }) =>
      box(parameters.lower, parameters.upper),
  });
}

/** Checks what is on the host: numbers and arrays. */
function requireOrder(lower: Weight, upper: Weight): void {
  if (lower instanceof tf.Tensor || upper instanceof tf.Tensor) return;
  const [l, u] = [lower, upper].map((bound) => (typeof bound === 'number' ? [bound] : bound));
  if (!l?.length || !u?.length) return; // refused as weights are
  if (l.length !== u.length && l.length > 1 && u.length > 1) {
    throw new UnrolledError(
      'INVALID_ARGUMENT',
      `upper: expected ${l.length} numbers as lower has, got ${u.length}`,
    );
  }
  for (let index = 0; index < Math.max(l.length, u.length); index++) {
    const [low, high] = [l[l.length > 1 ? index : 0]!, u[u.length > 1 ? index : 0]!];
    if (low > high) {
      throw new UnrolledError(
        'INVALID_ARGUMENT',
        `upper: expected numbers ≥ lower (${low}), got ${high} at index ${index}`,
      );
    }
  }
}
