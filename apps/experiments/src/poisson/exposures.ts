import type { Random } from '@unrolled/contracts';
import { type Image, image } from '@unrolled/images';

/** Mean counts of a picture of counts. */
export type Estimator = (counts: Image) => Image;

/** Counts above so many peaks are shown as that many: one bright pixel must not blow up the atoms over it. */
export const brightestShown = 3;
/** What is above so many peaks is looked at in a shorter exposure. */
const brightestTrusted = 2;
/** A shorter exposure is so much of the one before, and is drawn so often. */
const shorter = { share: 1 / 8, draws: 2 };

/**
 * An estimator that knows mean counts up to a peak, on a picture of any: what is too bright is estimated from a shorter exposure, and that
 * from a still shorter one where need be. An exposure of the share p keeps every photon with the probability p, and is Poisson like the
 * whole one.
 *
 * @param estimate gives mean counts up to about `peak`
 */
export function overExposures(
  estimate: Estimator,
  counts: Image,
  { peak, random }: { readonly peak: number; readonly random: Random },
): Image {
  const { data, height, width } = counts;
  const whole = estimate(capped(counts, peak));
  if (data.every((count) => count <= brightestTrusted * peak)) return whole;
  const sum = new Float32Array(data.length);
  for (let draw = 0; draw < shorter.draws; draw++) {
    const part = image(
      data.map((count) => random.binomial(count, shorter.share)),
      { height, width },
    );
    overExposures(estimate, part, { peak, random }).data.forEach((rate, pixel) => {
      sum[pixel]! += rate / (shorter.share * shorter.draws);
    });
  }
  return image(
    sum.map((rate, pixel) => (rate > brightestTrusted * peak ? rate : whole.data[pixel]!)),
    { height, width },
  );
}

/** Counts as they are shown to a network that knows mean counts up to `peak`. */
export const capped = ({ data, height, width }: Image, peak: number): Image =>
  image(
    data.map((count) => Math.min(count, brightestShown * peak)),
    { height, width },
  );
