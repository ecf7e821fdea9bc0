import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Named, Operator, Prior } from '@unrolled/contracts';
import { perExample, requireBroadcast, requireCode, requireGradient } from '../internal/codes.ts';
import { madeFrom, rebuilt, requirePrior } from '../internal/parts.ts';
import { anyNumber, type Weight, weightTensor } from '../internal/weight.ts';

/**
 * A prior around another point than 0: Φ(x − b).
 *
 *     prox(v, α) = b + prox_Φ(v − b, α),    conjugate: Φ*(y) + ⟨y, b⟩
 *
 * Codes that stay near those of the last window, or near a mean.
 *
 * @param prior Φ
 * @param offset b: a number, `[atoms]`, or a tensor that broadcasts to the code `[batch, …]`
 * @throws `NOT_FINITE` or `INVALID_ARGUMENT` for an offset that is not finite or empty; `INVALID_SHAPE` in use where
 *   it does not broadcast to the code
 * @example
 * ```ts
 * const prior = translate(ridge(1), [1, 2]); // ½‖x − (1, 2)‖²; parameters: offset, prior.weight
 * ```
 */
export function translate<N extends string>(prior: Prior<N>, offset: Weight): Prior<'offset' | `prior.${N}`> {
  requirePrior('prior', prior);
  const b = weightTensor('offset', offset, anyNumber);
  const moved = (name: string, code: Tensor): Tensor => {
    requireBroadcast('offset', b, requireCode(name, code).shape);
    return tf.sub(code, b);
  };
  return Object.freeze({
    name: 'translate',
    convex: prior.convex,
    parameters: madeFrom(prior, { offset: b }),
    value: (x: Tensor) => tf.tidy(() => prior.value(moved('x', x))),
    prox: (v: Tensor, step: number | Tensor) => tf.tidy(() => tf.add(b, prior.prox(moved('v', v), step))),
    ...(prior.bind && {
      bind: (y: Tensor, operator: Operator) => translate(prior.bind!(y, operator), b),
    }),
    ...(prior.violation && {
      violation: (x: Tensor, gradient: Tensor) =>
        tf.tidy(() => {
          requireGradient(x, gradient);
          return prior.violation!(moved('x', x), gradient);
        }),
    }),
    ...(prior.conjugateValue && {
      conjugateValue: (y: Tensor) =>
        tf.tidy(() => {
          requireBroadcast('offset', b, requireCode('c', y).shape);
          return tf.add(prior.conjugateValue!(y), perExample(tf.mul(y, b)));
        }),
    }),
    with: (parameters: Named<'offset' | `prior.${N}`>) =>
      translate(rebuilt(prior, parameters), parameters.offset),
  });
}
