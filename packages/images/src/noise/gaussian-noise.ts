import { type Random, requireKnownOptions, requireNonNegative } from '@unrolled/contracts';
import { requireOpaque } from '../channels/opacity.ts';
import { type Image, image } from '../image.ts';
import { requireRandom } from '../require-random.ts';

/** Options of {@link gaussianNoise}. */
export interface GaussianNoiseOptions {
  /** σ, in the units of the picture: 20 grey levels of 0 … 255 are 20/255. */
  readonly deviation: number;
}

/**
 * The picture with Gaussian noise, independent from number to number and not clipped:
 *
 *     y = x + σ n,    n ~ N(0, 1)
 *
 * @throws INVALID_ARGUMENT for σ < 0, INVALID_SHAPE for a picture with opacity
 * @example const noisy = gaussianNoise(picture, { deviation: 20 / 255 }, random(0));
 */
export function gaussianNoise(picture: Image, options: GaussianNoiseOptions, random: Random): Image {
  requireKnownOptions('gaussianNoise', options, ['deviation']);
  const deviation = requireNonNegative('deviation', options.deviation);
  requireRandom(random);
  const { data, ...size } = requireOpaque('picture', picture);
  return image(
    data.map((value) => random.normal(value, deviation)),
    size,
  );
}
