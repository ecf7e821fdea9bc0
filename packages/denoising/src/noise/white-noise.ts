import { type Random, requireKnownOptions, requirePositive } from '@unrolled/contracts';
import { type Image, image } from '@unrolled/images';
import type { Noise } from './noise.ts';

/** White Gaussian noise. */
export interface WhiteNoise extends Noise {
  /** σ, in units of the picture: a part of white. */
  readonly deviation: number;
}

/**
 * White Gaussian noise y = x + ε, ε ~ N(0, σ² I), the same on every pixel and channel. The signal is the picture itself.
 *
 * @param deviation σ > 0 in units of the picture, of which 1 is white: 25 of 255 grey levels are 25 / 255
 * @param options.centred the signal is the picture without its mean, so that a network need not know how bright pictures are.
 *   Default false
 * @throws INVALID_ARGUMENT, NOT_FINITE where σ is not a number > 0; UNKNOWN_OPTION
 * @example
 * const noise = whiteNoise(25 / 255);
 * const noisy = noise.corrupt(noise.signal(picture), random(0));
 */
export function whiteNoise(deviation: number, options: { readonly centred?: boolean } = {}): WhiteNoise {
  requirePositive('deviation', deviation);
  requireKnownOptions('whiteNoise', options, ['centred']);
  const { centred = false } = options;
  return Object.freeze<WhiteNoise>({
    name: `gaussian:${Number((255 * deviation).toPrecision(6))}`,
    deviation,
    signal: (clean) => (centred ? raised(clean, -meanOf(clean)) : clean),
    corrupt: ({ data, height, width, channels }: Image, random: Random) =>
      image(
        data.map((value) => random.normal(value, deviation)),
        { height, width, channels },
      ),
  });
}

/** A picture with this added to every pixel. */
const raised = ({ data, height, width, channels }: Image, by: number): Image =>
  image(
    data.map((value) => value + by),
    { height, width, channels },
  );

const meanOf = ({ data }: Image): number => data.reduce((sum, value) => sum + value, 0) / data.length;
