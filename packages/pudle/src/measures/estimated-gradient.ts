import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradients } from '@unrolled/backend';
import { type Network, refuse } from '@unrolled/contracts';
import type { Loss } from '@unrolled/unroll';

/**
 * The gradient of a loss in the dictionary, on these signals: what an update would follow.
 *
 * @param y signals `[batch, …]`, lent
 * @returns one flat vector of all tensors of the operator, in the order of `network.variables`. A fresh tensor
 * @example const gradient = estimatedGradient(network, y, leastSquaresGradient());
 */
export const estimatedGradient = (network: Network, y: Tensor, loss: Loss): Tensor =>
  dictionaryGradient(network, () => loss(network, y));

/** The gradient of a scalar in the tensors of a network's operator, as one vector; zeros where it does not depend on them. */
export function dictionaryGradient(network: Network, scalar: () => Tensor): Tensor {
  const variables = Object.entries(network.variables)
    .filter(([name]) => name.startsWith('operator.'))
    .map(([, variable]) => variable);
  if (variables.length === 0)
    refuse('network', Object.keys(network.variables), 'one with a dictionary, operator.*');
  return tf.tidy(() => {
    const { gradients } = valueAndGradients(scalar, variables);
    return tf.concat(
      gradients.map((gradient, index) => tf.reshape(gradient ?? tf.zerosLike(variables[index]!), [-1])),
    );
  });
}
