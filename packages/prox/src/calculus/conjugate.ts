import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Named, type Operator, type Prior, UnrolledError } from '@unrolled/contracts';
import { requireStep } from '../internal/codes.ts';
import { madeFrom, rebuilt, requirePrior } from '../internal/parts.ts';

/**
 * The convex conjugate Φ*(y) = sup_x ⟨x, y⟩ − Φ(x), as a prior.
 *
 *     prox_{Φ*}(v, α) = v − α · prox_Φ(v / α, 1 / α)    (Moreau's identity)
 *
 * That of a norm is the indicator of its dual ball: `conjugate(l1(w))` clips to [−w, w]. The conjugate of the
 * conjugate is Φ.
 *
 * @param prior Φ: convex, with a `conjugateValue`, as every convex prior of this package has
 * @throws `INVALID_ARGUMENT` for a prior that is not convex or has no `conjugateValue`
 * @example
 * ```ts
 * const prior = conjugate(l1(1));
 * const clipped = prior.prox(tf.tensor2d([[0.5, -3]]), 2); // [[0.5, −1]]
 * ```
 * @see Moreau, *Proximité et dualité dans un espace hilbertien*, Bull. Soc. Math. France 93 (1965)
 */
export function conjugate<N extends string>(prior: Prior<N>): Prior<`prior.${N}`> {
  requirePrior('prior', prior);
  if (!prior.convex || !prior.conjugateValue) {
    throw new UnrolledError(
      'INVALID_ARGUMENT',
      `prior: expected a convex prior with a conjugateValue, got "${prior.name}"`,
    );
  }
  return Object.freeze({
    name: 'conjugate',
    convex: true,
    parameters: madeFrom(prior, {}),
    value: (y: Tensor) => prior.conjugateValue!(y),
    prox: (v: Tensor, step: number | Tensor) =>
      tf.tidy(() => {
        requireStep(step);
        return tf.sub(v, tf.mul(step, prior.prox(tf.div(v, step), tf.div(1, step))));
      }),
    ...(prior.bind && {
      bind: (y: Tensor, operator: Operator) => conjugate(prior.bind!(y, operator)),
    }),
    conjugateValue: (x: Tensor) => prior.value(x),
    with: (parameters: Named<`prior.${N}`>) => conjugate(rebuilt(prior, parameters)),
  });
}
