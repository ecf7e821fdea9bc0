import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Prior, requireKnownOptions } from '@unrolled/contracts';
import {
  nonNegativeIndicator,
  perExample,
  requireBroadcast,
  requireCode,
  requireGradient,
  requireStep,
} from './internal/codes.ts';
import { ballIndicator, scaleIntoBall } from './internal/dual-ball.ts';
import { type GroupOptions, grouping } from './internal/groups.ts';
import { type Weight, weightTensor } from './internal/weight.ts';

/** Options of {@link groupLasso}. */
export interface GroupLassoOptions extends GroupOptions {
  /** Codes are ≥ 0. Default false. */
  readonly nonNegative?: boolean;
}

/**
 * The group lasso, a price for every group of entries that is not 0 as a whole:
 *
 *     Φ(x) = Σ_g w_g ‖x_g‖₂,    prox(v, α)_g = v_g · max(0, 1 − α w_g / ‖v_g‖₂)
 *
 * With `nonNegative` x ≥ 0, and max(v, 0) takes the place of v. As an activation: block shrinkage.
 *
 * **Groups.** `axes` are the axes that a group extends over; every position along the other axes is a group of its
 * own. Of a code `[batch, time, atoms]`, `axes: [-1]` (the default) makes one group of all atoms at each time, `axes:
 * [1]` one group of all times of each atom, `axes: [1, 2]` one group of each example. With `size` a group has that
 * many *neighbours* along the last axis: `size: 4` cuts the atoms in fours.
 *
 * @param weight w ≥ 0: a number, or what broadcasts to the groups: the code's shape with 1 in place of `axes`; with
 *   `size` the last axis counts the groups, so that an array is one number a group. It does not grow with a group's
 *   size: for that, multiply it by √size as Yuan & Lin do
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` for a weight that is negative, empty or not finite, and for axes that
 *   repeat or hold the batch; `UNKNOWN_OPTION`; `INVALID_SHAPE` in use where axes, size or weight do not fit the code
 * @example
 * ```ts
 * const prior = groupLasso(1, { size: 2 });
 * const code = prior.prox(tf.tensor2d([[3, 4, 0.6, 0.8]]), 1); // [[2.4, 3.2, 0, 0]]
 * ```
 * @see Yuan & Lin, *Model selection and estimation in regression with grouped variables*, J. R. Stat. Soc. B 68
 *   (2006), section 2
 */
export function groupLasso(weight: Weight, options: GroupLassoOptions = {}): Prior<'weight'> {
  requireKnownOptions('groupLasso', options, ['axes', 'size', 'nonNegative']);
  const { nonNegative = false } = options;
  const w = weightTensor('weight', weight);
  const groups = grouping(options);
  const part = nonNegative ? (x: Tensor) => tf.relu(x) : (x: Tensor) => x;
  const weightOf = (norms: Tensor, scaled: Tensor = w): Tensor => {
    const weights = groups.perGroup(scaled);
    requireBroadcast('weight', weights, norms.shape);
    return weights;
  };
  return Object.freeze({
    name: 'groupLasso',
    convex: true,
    parameters: Object.freeze({ weight: w }),
    value: (x: Tensor) =>
      tf.tidy(() => {
        const norms = groups.norms(groups.split(requireCode('x', x)));
        const total = perExample(tf.mul(weightOf(norms), norms));
        return nonNegative ? tf.add(total, nonNegativeIndicator(x)) : total;
      }),
    prox: (v: Tensor, step: number | Tensor) =>
      tf.tidy(() => {
        const kept = part(groups.split(requireCode('v', v)));
        const norms = groups.safeNorms(kept);
        const threshold = weightOf(norms, tf.mul(w, requireStep(step)));
        return tf.reshape(tf.mul(kept, tf.relu(tf.sub(1, tf.div(threshold, norms)))), v.shape);
      }),
    violation: (x: Tensor, gradient: Tensor) =>
      tf.tidy(() => {
        requireGradient(x, gradient);
        const [code, pull] = [groups.split(x), groups.split(tf.neg(gradient))];
        const norms = groups.norms(part(code));
        const weights = weightOf(norms);
        // A group that is not 0: −gradient against w x/‖x‖. An entry that is 0 by constraint may be pulled below.
        const off = tf.sub(pull, tf.div(tf.mul(weights, part(code)), groups.safeNorms(part(code))));
        const active = nonNegative
          ? tf.add(tf.relu(off), tf.mul(tf.step(code), tf.relu(tf.neg(off))))
          : tf.abs(off);
        // A group that is 0: by how much −gradient leaves the ball of radius w, spread over the entries.
        const reach = groups.safeNorms(part(pull));
        const idle = tf.mul(tf.abs(part(pull)), tf.relu(tf.sub(1, tf.div(weights, reach))));
        const here = tf.step(norms);
        const distance = tf.add(tf.mul(here, active), tf.mul(tf.sub(1, here), idle));
        const outside = nonNegative ? tf.add(distance, tf.relu(tf.neg(code))) : distance;
        return tf.reshape(outside, x.shape);
      }),
    dualScale: (c: Tensor) =>
      tf.tidy(() => {
        const norms = groups.norms(part(groups.split(requireCode('c', c))));
        return scaleIntoBall(norms, weightOf(norms));
      }),
    /** 0 where every ‖c_g‖ ≤ w_g, by at most 1e-5·(1 + w) more, and +∞ elsewhere. */
    conjugateValue: (c: Tensor) =>
      tf.tidy(() => {
        const norms = groups.norms(part(groups.split(requireCode('c', c))));
        return ballIndicator(norms, weightOf(norms));
      }),
    with: (parameters: { readonly weight: Tensor }) => groupLasso(parameters.weight, options),
  });
}
