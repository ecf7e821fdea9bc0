import { requireKnownOptions, requirePositive } from '@unrolled/contracts';
import { gaussianNoise, type Image, image } from '@unrolled/images';
import type { Noise } from './noise.ts';

/** White Gaussian noise. */
export interface WhiteNoise extends Noise {
  readonly family: 'gaussian';
  /** The signal is the picture without its mean. */
  readonly centred: boolean;
}

/**
 * White Gaussian noise y = x + ε, ε ~ N(0, σ² I), the same on every pixel and channel. The signal is the picture itself.
 *
 * A network of piecewise linear layers that was trained at σ_m serves every σ. With thresholds b and a picture y it gives
 * f_b(a y) = a f_{b/a}(y), so that
 *
 *     x̂ = (σ/σ_m) f_b((σ_m/σ) y)
 *
 * is exactly the network whose thresholds are σ/σ_m times the trained ones, as the lasso weight of the same picture under that noise
 * is. Where the network was trained on centred pictures, it is scaled about the mean of the picture.
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
  const middleOf = (picture: Image): number => (centred ? meanOf(picture) : 0);
  return Object.freeze<WhiteNoise>({
    family: 'gaussian',
    level: deviation,
    centred,
    name: `gaussian:${Number((255 * deviation).toPrecision(6))}`,
    signal: (clean) => {
      const middle = middleOf(clean);
      const { data, height, width, channels } = clean;
      return image(
        data.map((value) => value - middle),
        { height, width, channels },
      );
    },
    corrupt: (signal, random) => gaussianNoise(signal, { deviation }, random),
    frame: (recorded, level) => {
      const scale = deviation / requirePositive('level', level);
      const middle = middleOf(recorded);
      return Object.freeze({
        toNetwork: (values: Float32Array) => values.map((value) => (value - middle) * scale),
        fromNetwork: (values: Float32Array) => values.map((value) => value / scale + middle),
      });
    },
  });
}

const meanOf = ({ data }: Image): number => data.reduce((sum, value) => sum + value, 0) / data.length;
