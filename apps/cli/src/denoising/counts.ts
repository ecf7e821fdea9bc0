import { refuse } from '@unrolled/contracts';
import { type Image, image } from '@unrolled/images';

/**
 * The counts in a picture of them: its values are multiples of one count, whatever that is in grey levels.
 *
 * One count is the smallest difference between two values of the picture. Files round to grey levels, which is allowed for.
 *
 * @param peak the largest mean count: a picture that says far more is none of counts, but one of all grey levels
 * @throws INVALID_ARGUMENT where the values are no such multiples, or too large
 */
export function countsIn(picture: Image, peak: number): Image {
  const { data, height, width, channels } = picture;
  const values = [...new Set([0, ...data])].sort((a, b) => a - b);
  const largest = values.at(-1)!;
  const smallest = values
    .slice(1)
    .reduce((least, value, index) => Math.min(least, value - values[index]!), 1);
  if (largest === 0) return picture;
  // The largest value says more precisely than the smallest difference what one is worth.
  const most = Math.round(largest / smallest);
  const one = largest / most;
  const uneven = values.find((value) => Math.abs(value - Math.round(value / one) * one) > roundedOff);
  // Six deviations above the mean of a Poisson count, and room for small peaks.
  const plausible = peak + 6 * Math.sqrt(peak) + 6;
  if (uneven !== undefined || most > plausible) {
    refuse(
      'counts',
      uneven === undefined ? `counts of up to ${most}` : `a value of ${(255 * uneven).toFixed(1)} of 255`,
      `grey levels that are multiples of one count, of at most about ${Math.ceil(plausible)} counts where the peak is ${peak} ` +
        '(a .npy of counts says it better)',
    );
  }
  return image(
    data.map((value) => Math.round(value / one)),
    { height, width, channels },
  );
}

/** Half of an 8-bit grey level, and a little for where the largest was rounded too. */
const roundedOff = 1.1 / 255;
