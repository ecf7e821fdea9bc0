import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Named, type Operator, type Prior, refuse, requireShape } from '@unrolled/contracts';
import { indicator, requireCode, requireGradient } from '../internal/codes.ts';
import { requirePrior } from '../internal/parts.ts';
import { shrinkageOf } from '../internal/shrinkage.ts';
import { nonZero } from '../internal/signs.ts';

/** The sign that an atom's codes have: 1 not negative, −1 not positive, 0 either. */
export type Sign = 1 | -1 | 0;

/**
 * A prior of codes with known signs, one an atom: responses that excite, responses that suppress, and others.
 *
 *     Φ(x) + (0 where s_c x_c ≥ 0, +∞ elsewhere),    prox(v, α) = prox_Φ(clip(v), α),   clip(v)_c = max(v_c, 0), min(v_c, 0) or v_c
 *
 * For a Φ that takes no account of signs, as ℓ1, elastic net, ridge and groups of entries; with ℓ1 and s = 1 it is the one-sided
 * prox, a ReLU. Parameters are those of Φ, by their names.
 *
 * `value` takes an entry for of its sign that is off by at most 1e-6: float32 rounding.
 *
 * @param prior Φ
 * @param signs s: one for all atoms, or one for each
 * @throws INVALID_ARGUMENT for anything but 1, −1 and 0; INVALID_SHAPE in use where there are more or fewer atoms
 * @example
 * ```ts
 * const prior = signed(l1(0.5), [1, -1, 0]);
 * const code = prior.prox(tf.tensor2d([[-2, -2, -2]]), 1); // [[0, −1.5, −1.5]]
 * ```
 */
export function signed<N extends string>(prior: Prior<N>, signs: Sign | readonly Sign[]): Prior<N> {
  requirePrior('prior', prior);
  const each: readonly Sign[] = Array.isArray(signs) ? signs : [signs as Sign];
  if (each.length === 0 || !each.every((sign) => sign === 1 || sign === -1 || sign === 0)) {
    refuse('signs', signs, '1, −1 or 0, or one of them an atom');
  }
  /** One number an atom, or one for all; made anew for every use, as nobody owns it. */
  const row = (of: (sign: Sign) => number): Tensor =>
    each.length === 1 ? tf.scalar(of(each[0]!)) : tf.tensor1d(each.map(of));
  const checked = (name: string, code: Tensor): Tensor => {
    requireCode(name, code);
    if (each.length > 1) requireShape(name, code.shape.slice(-1), [each.length], 'codes with a last axis');
    return code;
  };
  /** What an entry has of a sign that it may not have, ≥ 0. */
  const wrong = (code: Tensor): Tensor =>
    tf.add(
      tf.mul(
        row((sign) => Number(sign === 1)),
        tf.relu(tf.neg(code)),
      ),
      tf.mul(
        row((sign) => Number(sign === -1)),
        tf.relu(code),
      ),
    );
  const clip = (name: string, code: Tensor): Tensor =>
    // Away from the wrong sign: up by as much where s = 1, down where s = −1.
    tf.add(checked(name, code), tf.mul(row(Number), wrong(code)));
  return Object.freeze({
    name: 'signed',
    convex: prior.convex,
    parameters: prior.parameters,
    value: (x: Tensor) =>
      tf.tidy(() =>
        tf.add(
          prior.value(x),
          indicator(() => wrong(checked('x', x)), 1e-6),
        ),
      ),
    prox: (v: Tensor, step: number | Tensor) => tf.tidy(() => prior.prox(clip('v', v), step)),
    ...(prior.shrinkage && {
      shrinkage: (step: number | Tensor) =>
        shrinkageOf(() => {
          const { below, above, slope } = prior.shrinkage!(step);
          const never = (sign: Sign): Tensor => row((own) => (own === sign ? Number.POSITIVE_INFINITY : 0));
          return { below: tf.add(below, never(1)), above: tf.add(above, never(-1)), slope };
        }),
    }),
    ...(prior.bind && {
      bind: (y: Tensor, operator: Operator) => signed(prior.bind!(y, operator), signs),
    }),
    /** Φ's own, at a gradient that no longer pulls a zero where it may not go; and how far an entry is from its sign. */
    ...(prior.violation && {
      violation: (x: Tensor, gradient: Tensor) =>
        tf.tidy(() => {
          requireGradient(x, gradient);
          const held = tf.sub(1, nonZero(checked('x', x)));
          // Down the gradient is up: it is −gradient that may not be of the wrong sign.
          const allowed = tf.sub(gradient, tf.mul(held, tf.mul(row(Number), wrong(tf.neg(gradient)))));
          return tf.add(prior.violation!(x, allowed), wrong(x));
        }),
    }),
    ...(prior.dualScale && { dualScale: (c: Tensor) => tf.tidy(() => prior.dualScale!(clip('c', c))) }),
    ...(prior.conjugateValue && {
      conjugateValue: (c: Tensor) => tf.tidy(() => prior.conjugateValue!(clip('c', c))),
    }),
    with: (parameters: Named<N>) => signed(prior.with(parameters), signs),
  });
}
