import { type Random, refuse, requireKnownOptions, requirePositive } from '@unrolled/contracts';
import { requireOpaque } from '../channels/opacity.ts';
import { type Image, image } from '../image.ts';
import { requireRandom } from '../require-random.ts';

/** Options of {@link poissonCounts}. */
export interface PoissonCountsOptions {
  /** The mean count where the picture is brightest: 1 to 4 is very dark, 1000 nearly without noise. */
  readonly peak: number;
}

/** Photons counted, and what one of them is worth. */
export interface PoissonCounts {
  /** Whole numbers ≥ 0, of the size of the picture. */
  readonly counts: Image;
  /** Q, brightness per photon: of an estimated mean count r the picture is Q · r. */
  readonly scale: number;
}

/**
 * Photon counts of a picture: every number is a Poisson count whose mean is proportional to the brightness there.
 *
 *     Q = max(x) / peak,    y ~ Poisson(x / Q),    estimate of the picture = Q · (estimate of the mean count)
 *
 * @param picture no number negative, and not all of them 0
 * @throws INVALID_ARGUMENT for a peak ≤ 0, a number < 0 or a picture that is black; INVALID_SHAPE for one with opacity
 * @see Tolooshams, Song, Temereanca & Ba, Convolutional dictionary learning based auto-encoders for natural exponential-family
 *   distributions, ICML 2020, section 4.1
 * @example const { counts, scale } = poissonCounts(picture, { peak: 4 }, random(0));
 */
export function poissonCounts(picture: Image, options: PoissonCountsOptions, random: Random): PoissonCounts {
  requireKnownOptions('poissonCounts', options, ['peak']);
  const peak = requirePositive('peak', options.peak);
  requireRandom(random);
  const { data, ...size } = requireOpaque('picture', picture);
  let largest = 0;
  data.forEach((value, index) => {
    if (value < 0) refuse('picture', `${value} at index ${index}`, 'numbers ≥ 0');
    largest = Math.max(largest, value);
  });
  if (largest === 0) refuse('picture', 'one that is black', 'light somewhere: the peak is the count there');
  const scale = largest / peak;
  const counts = data.map((value) => random.poisson(value / scale));
  return Object.freeze({ counts: image(counts, size), scale });
}
