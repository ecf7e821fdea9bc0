import { type Random, refuse, requirePositive } from '@unrolled/contracts';
import { type Image, image } from '@unrolled/images';
import type { Noise } from './noise.ts';

/** The noise of counting. */
export interface ShotNoise extends Noise {
  readonly family: 'poisson';
}

/**
 * The noise of counting photons: y ~ Poisson(x / Q) with Q = max(x) / peak, so that the brightest pixel of a picture is counted
 * `peak` times on average. The signal is the mean count x / Q, and what is recorded are raw counts.
 *
 * An error in counts is that of the picture over Q: a mean squared error of counts is peak² times that of the picture scaled to a
 * brightest pixel of 1, which is what PSNR with the peak max(x) measures. One in units of the picture would count dark pictures
 * less.
 *
 * Counts do not scale: twice a Poisson count is none. A network is shown counts as they are, whatever their peak, and is good near the
 * one that it was trained at.
 *
 * @param peak the mean count of the brightest pixel, > 0
 * @throws INVALID_ARGUMENT, NOT_FINITE where the peak is not a number > 0; by `signal` where a picture has negative pixels, or is
 *   black all over
 * @example
 * const noise = shotNoise(4);
 * const counts = noise.corrupt(noise.signal(picture), random(0));
 * @see Tolooshams, Song, Temereanca & Ba, "Convolutional dictionary learning based auto-encoders for natural exponential-family
 *   distributions", ICML 2020, section 4.1
 */
export function shotNoise(peak: number): ShotNoise {
  requirePositive('peak', peak);
  return Object.freeze<ShotNoise>({
    family: 'poisson',
    level: peak,
    name: `poisson:${Number(peak.toPrecision(6))}`,
    signal: ({ data, height, width, channels }: Image) => {
      let largest = 0;
      for (const value of data) {
        if (value < 0) refuse('clean', value, 'a picture without negative pixels');
        largest = Math.max(largest, value);
      }
      if (largest === 0) refuse('clean', largest, 'a picture with a pixel that is not black');
      return image(
        data.map((value) => (value * peak) / largest),
        { height, width, channels },
      );
    },
    corrupt: ({ data, height, width, channels }: Image, random: Random) =>
      image(
        data.map((mean) => random.poisson(mean)),
        { height, width, channels },
      ),
    frame: (recorded) => {
      requireCounts(recorded);
      return asTheyAre;
    },
  });
}

const asTheyAre = Object.freeze({
  toNetwork: (values: Float32Array) => values,
  fromNetwork: (values: Float32Array) => values,
});

function requireCounts({ data }: Image): void {
  const wrong = data.findIndex((value) => !(Number.isInteger(value) && value >= 0));
  if (wrong >= 0) refuse('picture', `${data[wrong]} at index ${wrong}`, 'counts, whole numbers ≥ 0');
}
