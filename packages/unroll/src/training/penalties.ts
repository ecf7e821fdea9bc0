import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Network, refuse, requirePositive } from '@unrolled/contracts';
import type { Loss } from './losses.ts';

/** A scalar of a network's parameters, to be made small beside a loss. Called on a gradient tape. */
export type Penalty = (network: Network) => Tensor;

/**
 * A loss plus penalties on the parameters.
 *
 * @throws INVALID_ARGUMENT for no penalties
 * @example
 * const loss = penalized(reconstruction(), [smoothness('operator.filters', 0.003)]);
 */
export function penalized<B>(loss: Loss<B>, penalties: readonly Penalty[]): Loss<B> {
  if (!Array.isArray(penalties) || penalties.length === 0)
    refuse('penalties', penalties, 'at least one penalty');
  return (network, batch) =>
    tf.tidy(() =>
      penalties.reduce((sum: Tensor, penalty) => tf.add(sum, penalty(network)), loss(network, batch)),
    );
}

/**
 * The roughness of atoms: weight · Σ (h[n + 1] − h[n])², over all atoms and channels, along time, or along height and width.
 *
 * @param parameter `[features, atoms]`, `[time, channels, atoms]` or `[height, width, channels, atoms]`, by its name; all layers'
 *   where each has its own
 * @param weight a number > 0
 * @throws INVALID_ARGUMENT where the network has no such parameter, NOT_FINITE
 * @see Tolooshams et al. 2024, "Interpretable deep learning for deconvolutional analysis of neural signals" (DUNL): 0.003
 */
export function smoothness(parameter: string, weight: number): Penalty {
  requirePositive('weight', weight);
  return ({ variables }) =>
    tf.tidy(() => {
      const own = Object.keys(variables).filter(
        (name) => name === parameter || name.startsWith(`${parameter}/`),
      );
      if (own.length === 0) refuse('parameter', parameter, `one of ${Object.keys(variables).join(', ')}`);
      const roughness = own.flatMap((name) => {
        const atoms = variables[name]!;
        return Array.from({ length: Math.max(1, atoms.rank - 2) }, (_, axis) => differences(atoms, axis));
      });
      return tf.mul(
        weight,
        roughness.reduce((sum, part) => tf.add(sum, part)),
      );
    });
}

/** Σ (h[n + 1] − h[n])² along an axis. */
function differences(atoms: Tensor, axis: number): Tensor {
  const shape = atoms.shape.map((size, other) => (other === axis ? size - 1 : size));
  const [here, next] = [0, 1].map((start) =>
    tf.slice(
      atoms,
      atoms.shape.map((_, other) => (other === axis ? start : 0)),
      shape,
    ),
  ) as [Tensor, Tensor];
  return tf.sum(tf.squaredDifference(next, here));
}
