import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Likelihood, Prior } from '@unrolled/contracts';
import { type Dcea, type DceaWeights, dcea, imageFilters } from '@unrolled/dcea';
import { cosineFilters } from '@unrolled/denoising';
import { poisson } from '@unrolled/likelihoods';
import { l1 } from '@unrolled/prox';
import type { Recipe } from './plan.ts';

/** A network of photon images, tied or not. */
export type PhotonNetwork = Dcea<Prior, Likelihood, DceaWeights>;

/** A network before training: one-sided codes, a bias for every atom, no step but the filters'. */
export async function networkOf(recipe: Recipe, weights: DceaWeights, seed: number): Promise<PhotonNetwork> {
  const { atoms, layers, stride, peak, bounded, largest, bias, first } = recipe;
  const filters = first === 'noise' ? imageFilters({ ...sizeOf(recipe), seed }) : pairedCosines(recipe);
  // A constant is no sign of anything: the two of them, at the head of either half, begin without a threshold.
  const constant = (atom: number): boolean => first === 'cosines' && atom % (atoms / 2) === 0;
  try {
    return await dcea<Prior, Likelihood, DceaWeights>({
      filters,
      prior: l1(
        Array.from({ length: atoms }, (_, atom) => (constant(atom) ? 0 : bias)),
        { nonNegative: true },
      ),
      likelihood: poisson({
        ...(bounded && { peak }),
        ...(largest !== undefined && { largestRate: largest }),
      }),
      layers,
      stride,
      step: 1,
      norms: 'free',
      weights,
    });
  } finally {
    filters.dispose();
  }
}

const sizeOf = ({ side, atoms, norm }: Recipe) => ({ size: side, atoms, norm });

/** The lowest cosines and, as codes have no sign, their negatives. */
function pairedCosines({ side, atoms, norm }: Recipe): Tensor4D {
  return tf.tidy(() => {
    const cosines = cosineFilters({ size: side, atoms: atoms / 2 });
    return tf.concat([tf.mul<Tensor4D>(cosines, norm), tf.mul<Tensor4D>(cosines, -norm)], 3);
  });
}
