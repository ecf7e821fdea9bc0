import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '@unrolled/contracts';
import { cosineFilters } from '@unrolled/denoising';
import type { Recipe } from './plan.ts';

/** Normal noise of unit norm, as in the paper. `[side, side, 1, atoms]`; the caller's. */
export function randomFilters({ side, atoms }: Recipe, random: Random): Tensor {
  const values = Float32Array.from({ length: side * side * atoms }, () => random.normal());
  return tf.tidy(() => unit(tf.tensor4d(values, [side, side, 1, atoms])));
}

/** Of the noise on cosines that tells seeds apart, for every pixel of a filter of unit norm. */
const deviation = 0.02;

/**
 * Cosines of a square that is large enough for so many of them, cut to the filters' size, under a little normal noise, of unit norm. All of
 * them occur in pictures from the first update on, which half of random filters never do.
 *
 * @returns `[side, side, 1, atoms]`; the caller's
 */
export function nearCosines({ side, atoms }: Recipe, random: Random): Tensor {
  const values = Float32Array.from({ length: side * side * atoms }, () => random.normal(0, deviation));
  return tf.tidy(() => {
    const cosines = cosineFilters({ size: Math.max(side, Math.ceil(Math.sqrt(atoms))), atoms });
    const cut = unit(tf.slice(cosines, [0, 0, 0, 0], [side, side, 1, atoms]));
    return unit(tf.add(cut, tf.tensor4d(values, [side, side, 1, atoms])));
  });
}

const unit = (filters: Tensor): Tensor => tf.div(filters, tf.sqrt(tf.sum(tf.square(filters), [0, 1, 2])));
