import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Named,
  type Operator,
  prefixNames,
  requireAllFinite,
  requireFinite,
  requireFloat,
  requireShape,
  withoutPrefix,
} from '@unrolled/contracts';

/**
 * An operator times a number, c·A: a gain, units, an amplifier that is learned.
 *
 * @param operator A
 * @param factor c: a finite number (it becomes a scalar tensor `factor` that the caller owns), or a scalar tensor
 * @throws `NOT_FINITE`, `INVALID_SHAPE` (a factor that is not a scalar), `INVALID_DTYPE`
 * @example
 * ```ts
 * const microvolts = scaled(conv1d(filters), 1e-6); // parameters: factor, operator.filters
 * ```
 */
export function scaled<N extends string>(
  operator: Operator<N>,
  factor: number | Tensor,
): Operator<'factor' | `operator.${N}`> {
  const scale = factor instanceof tf.Tensor ? factor : tf.scalar(requireFinite('factor', factor));
  requireShape('factor', scale.shape, [], 'a scalar tensor');
  requireFloat('factor', scale);
  const parameters = { factor: scale, ...prefixNames('operator', operator.parameters) };
  return Object.freeze({
    name: 'scaled',
    parameters: Object.freeze(parameters) as Named<'factor' | `operator.${N}`>,
    ...(operator.codeSize !== undefined && { codeSize: operator.codeSize }),
    ...(operator.grid && { grid: operator.grid }),
    apply: (x: Tensor) => tf.tidy(() => tf.mul(operator.apply(x), scale)),
    adjoint: (y: Tensor) => tf.tidy(() => tf.mul(operator.adjoint(y), scale)),
    codeShape: (signalShape: readonly number[]) => operator.codeShape(signalShape),
    lipschitz: async () => {
      const values = await scale.data();
      requireAllFinite('factor', values);
      return values[0]! ** 2 * (await operator.lipschitz());
    },
    with: (others: Named<'factor' | `operator.${N}`>) =>
      scaled(operator.with(withoutPrefix('operator', others) as Named<N>), others.factor),
  });
}
