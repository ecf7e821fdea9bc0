import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Named, type Operator, type Prior, refuse } from '@unrolled/contracts';
import { indicator, requireBroadcast, requireCode, requireGradient } from '../internal/codes.ts';
import { requirePrior } from '../internal/parts.ts';
import { type Weight, weightTensor, zeroOrOne } from '../internal/weight.ts';

/**
 * A prior of codes whose support is known: events may only be where the mask m is 1.
 *
 *     Φ(x) + (0 where x = 0 outside the mask, +∞ elsewhere),    prox(v, α) = m · prox_Φ(m · v, α)
 *
 * Exact for priors that are a sum over entries, and for those that leave zeros 0 (groups); not for the simplex. Its parameters are
 * `mask`, and those of Φ by their names. The mask is not meant to be trained, but a network holds it as a variable: give another
 * batch its own by `network.variables['prior.mask'].assign(mask)`.
 *
 * `value` takes an entry outside the mask for 0 up to 1e-6: float32 rounding.
 *
 * @param prior Φ
 * @param mask m: one of 0 and 1 an atom, or a tensor of them that broadcasts to the code, `[time, atoms]` or
 *   `[batch, time, atoms]`; the values of a tensor are not read
 * @throws INVALID_ARGUMENT for a mask with other numbers, or a prior that has a parameter `mask` itself; INVALID_SHAPE in use where
 *   it does not broadcast to the code
 * @example
 * ```ts
 * const prior = supported(l1(0.5), [1, 0, 1]); // parameters: mask, weight
 * const code = prior.prox(tf.tensor2d([[2, 3, -2]]), 1); // [[1.5, 0, −1.5]]
 * ```
 */
export function supported<N extends string>(prior: Prior<N>, mask: Weight): Prior<'mask' | N> {
  requirePrior('prior', prior);
  if ('mask' in prior.parameters) refuse('prior', prior.name, 'a prior without a mask of its own');
  const m = weightTensor('mask', mask, zeroOrOne);
  const inside = (name: string, code: Tensor): Tensor => {
    requireBroadcast('mask', m, requireCode(name, code).shape);
    return tf.mul(m, code);
  };
  return Object.freeze({
    name: 'supported',
    convex: prior.convex,
    parameters: Object.freeze({ ...prior.parameters, mask: m }) as Named<'mask' | N>,
    value: (x: Tensor) =>
      tf.tidy(() => {
        const kept = inside('x', x);
        return tf.add(
          prior.value(kept),
          indicator(() => tf.abs(tf.sub(x, kept)), 1e-6),
        );
      }),
    prox: (v: Tensor, step: number | Tensor) => tf.tidy(() => tf.mul(m, prior.prox(inside('v', v), step))),
    ...(prior.bind && {
      bind: (y: Tensor, operator: Operator) => supported(prior.bind!(y, operator), m),
    }),
    /** Φ's own inside the mask; outside, where any gradient will do, how far an entry is from 0. */
    ...(prior.violation && {
      violation: (x: Tensor, gradient: Tensor) =>
        tf.tidy(() => {
          requireGradient(x, gradient);
          const kept = inside('x', x);
          const own = tf.mul(m, prior.violation!(kept, tf.mul(m, gradient)));
          return tf.add(own, tf.abs(tf.sub(x, kept)));
        }),
    }),
    ...(prior.dualScale && { dualScale: (c: Tensor) => tf.tidy(() => prior.dualScale!(inside('c', c))) }),
    ...(prior.conjugateValue && {
      conjugateValue: (c: Tensor) => tf.tidy(() => prior.conjugateValue!(inside('c', c))),
    }),
    with: (parameters: Named<'mask' | N>) => {
      const { mask: other, ...own } = parameters;
      return supported(prior.with(own as unknown as Named<N>), other);
    },
  });
}
