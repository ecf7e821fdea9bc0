import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@unrolled/backend';
import { type Likelihood, type Operator, refuse } from '@unrolled/contracts';

/** The negative gradient of the data term at a code: of the shape of the code, a fresh tensor. */
export type Pull = (z: Tensor) => Tensor;

/** Aᵀ residual(y, A z), by way of the signal. */
export const pullThroughSignal =
  (analysis: Operator, operator: Operator, likelihood: Likelihood, y: Tensor): Pull =>
  (z) =>
    analysis.adjoint(likelihood.residual(y, operator.apply(z)));

/**
 * Aᵀy − (AᵀA) z, which for the Gaussian likelihood is the same: atoms² in place of 2 · features · atoms operations an example, once Aᵀy and
 * AᵀA are there. Belongs to the caller's scope; gradients flow through both.
 *
 * @throws INVALID_ARGUMENT for an operator whose codes are not `[batch, atoms]`
 */
export function pullThroughGram(analysis: Operator, operator: Operator, y: Tensor): Pull {
  const [, atoms, ...more] = operator.codeShape(y.shape);
  if (atoms === undefined || more.length > 0)
    refuse('form', 'gram', `'signal', as the codes of operator ${operator.name} are not [batch, atoms]`);
  const pulled = analysis.adjoint(y);
  const gram = tf.tidy(() => analysis.adjoint(operator.apply(tf.eye(atoms))));
  return (z) => tf.sub(pulled, matMul(z, gram));
}
