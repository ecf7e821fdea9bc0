import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Named, type Operator, prefixNames, withoutPrefix } from '@unrolled/contracts';

/**
 * One operator after another, (outer ∘ inner)(x) = outer(inner(x)): measurements of a sparse signal (RandNet's ΦH).
 *
 * `lipschitz` is the product of the two bounds, which ‖outer ∘ inner‖² may be well below: `powerIteration` tells.
 *
 * @param outer from the inner operator's signals to signals
 * @param inner from codes to what `outer` takes
 * @example
 * ```ts
 * const measured = compose(dense(measurement), dense(dictionary)); // parameters: outer.atoms, inner.atoms
 * ```
 */
export function compose<O extends string, I extends string>(
  outer: Operator<O>,
  inner: Operator<I>,
): Operator<`outer.${O}` | `inner.${I}`> {
  type Names = `outer.${O}` | `inner.${I}`;
  const parameters = {
    ...prefixNames('outer', outer.parameters),
    ...prefixNames('inner', inner.parameters),
  };
  return Object.freeze({
    name: 'compose',
    parameters: Object.freeze(parameters) as Named<Names>,
    ...(inner.codeSize !== undefined && { codeSize: inner.codeSize }),
    apply: (x: Tensor) => tf.tidy(() => outer.apply(inner.apply(x))),
    adjoint: (y: Tensor) => tf.tidy(() => inner.adjoint(outer.adjoint(y))),
    codeShape: (signalShape: readonly number[]) => inner.codeShape(outer.codeShape(signalShape)),
    lipschitz: async () => (await outer.lipschitz()) * (await inner.lipschitz()),
    with: (others: Named<Names>) =>
      compose(
        outer.with(withoutPrefix('outer', others) as Named<O>),
        inner.with(withoutPrefix('inner', others) as Named<I>),
      ),
  });
}
