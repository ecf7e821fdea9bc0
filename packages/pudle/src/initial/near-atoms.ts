import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Random, requireKnownOptions, requireNonNegative } from '@unrolled/contracts';
import { unitSphere } from '@unrolled/operators';

/**
 * Atoms near others: D + deviation · N(0, 1) in every entry, then of unit norm. The close initialisation of the theory, which has to
 * find back what it left.
 *
 * @param atoms `[features, atoms]`, `[time, channels, atoms]` or `[height, width, channels, atoms]`, lent
 * @param options.deviation ≥ 0, of every entry; the paper's 0.1 for 50 features moves an atom of unit norm by 0.6
 * @returns a fresh tensor of the same shape
 * @example const start = nearAtoms(truth, { deviation: 0.1, random: random(0) });
 */
export function nearAtoms(
  atoms: Tensor,
  options: { readonly deviation: number; readonly random: Random },
): Tensor {
  requireKnownOptions('nearAtoms', options, ['deviation', 'random']);
  const deviation = requireNonNegative('deviation', options.deviation);
  const noise = Float32Array.from({ length: atoms.size }, () => options.random.normal(0, deviation));
  return tf.tidy(() => unitSphere(tf.add(atoms, tf.tensor(noise, atoms.shape))));
}
