import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { vectorJacobianProduct } from '@unrolled/backend';
import { type Network, refuse, requireInteger } from '@unrolled/contracts';

/**
 * ∂z_k/∂x: what an entry of a signal does to atom k's part of its code (all its entries together, where the code has places).
 *
 * @param y signals `[batch, …]`, lent
 * @param atom k, the last axis of the code
 * @returns of the shape of y. A fresh tensor
 * @example const map = saliency(network, digits, 3);
 * @see Tolooshams & Ba (2022), section 6
 */
export function saliency(network: Network, y: Tensor, atom: number): Tensor {
  const shape = network.problem().operator.codeShape(y.shape);
  const atoms = shape.at(-1)!;
  if (requireInteger('atom', atom, 0) >= atoms) refuse('atom', atom, `less than ${atoms}`);
  return tf.tidy(() => {
    const chosen = tf.oneHot(tf.scalar(atom, 'int32'), atoms);
    const seed = tf.mul(tf.ones(shape), tf.cast(chosen, 'float32'));
    return vectorJacobianProduct(() => [network.encode(y)], [y], [seed])[0]!;
  });
}
