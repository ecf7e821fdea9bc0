import { requireKnownOptions, requireNonNegative, requireShape } from '@unrolled/contracts';
import { type Patches, requirePatches, withValues } from './patches.ts';

/** Patches without their means, and what was taken out of each. */
export interface StandardizedPatches {
  readonly patches: Patches;
  /** `[patches]`: what was subtracted. */
  readonly means: Float32Array;
  /** `[patches]`: what was divided by; 1 where only means are removed. */
  readonly scales: Float32Array;
}

/** Options of {@link standardizePatches}. */
export interface StandardizeOptions {
  /** Divide by the standard deviation of the patch too. Default false: by nothing. */
  readonly deviation?: boolean;
  /**
   * Added to the deviation that is divided by, so that the noise of a flat patch is not blown up to a texture. Default 0.01,
   * of a range of 0 … 1.
   */
  readonly floor?: number;
}

/**
 * Takes the mean out of every patch (over all its numbers), and its contrast where asked; keeps both, so that they can be put
 * back with {@link restorePatches}.
 *
 *     ỹ = (y − mean) / (deviation + floor)
 *
 * @example
 * const { patches, means, scales } = standardizePatches(gridPatches(picture, { height: 8, width: 8 }));
 */
export function standardizePatches(patches: Patches, options: StandardizeOptions = {}): StandardizedPatches {
  requireKnownOptions('standardizePatches', options, ['deviation', 'floor']);
  const { data, shape } = requirePatches('patches', patches);
  const floor = requireNonNegative('floor', options.floor ?? 0.01);
  const [count, features] = shape;
  const means = new Float32Array(count);
  const scales = new Float32Array(count).fill(1);
  const values = new Float32Array(data.length);
  for (let patch = 0; patch < count; patch++) {
    const own = data.subarray(patch * features, (patch + 1) * features);
    const mean = Math.fround(own.reduce((sum, value) => sum + value, 0) / features);
    means[patch] = mean;
    if (options.deviation) {
      const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / features;
      // Of a flat patch without a floor nothing is left to divide.
      scales[patch] = Math.sqrt(variance) + floor || 1;
    }
    own.forEach((value, index) => {
      values[patch * features + index] = (value - mean) / scales[patch]!;
    });
  }
  return Object.freeze({ patches: withValues(patches, values), means, scales });
}

/**
 * Puts back what {@link standardizePatches} took out: y = scale · ỹ + mean.
 *
 * @param parts the patches, changed or not, with the means and scales that belong to them
 * @throws INVALID_SHAPE where there are not as many of each
 */
export function restorePatches({ patches, means, scales }: StandardizedPatches): Patches {
  const { data, shape } = requirePatches('patches', patches);
  const [count, features] = shape;
  requireShape('means', [means.length], [count], 'a mean for every patch');
  requireShape('scales', [scales.length], [count], 'a scale for every patch');
  const values = data.map((value, index) => {
    const patch = Math.floor(index / features);
    return scales[patch]! * value + means[patch]!;
  });
  return withValues(patches, values);
}
