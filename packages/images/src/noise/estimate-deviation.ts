import { robustDeviation } from '@unrolled/metrics';
import { requireOpaque } from '../channels/opacity.ts';
import { type Image, requireFitting } from '../image.ts';

/** Daubechies' high-pass filter of four taps: nothing remains of constants and of straight lines. */
const taps = [1 - Math.sqrt(3), Math.sqrt(3) - 3, 3 + Math.sqrt(3), -1 - Math.sqrt(3)].map(
  (tap) => tap / (4 * Math.SQRT2),
);

/**
 * The level of the noise in a picture: σ of white Gaussian noise, from the picture alone.
 *
 *     σ = median |d| / 0.6745,   d the diagonal details of the finest scale (wavelet of Daubechies, two vanishing moments)
 *
 * At that scale most of a picture is noise alone, and the median does not see the few details that are edges. Fine texture it
 * takes for noise: the estimate errs upwards, to about √(σ² + τ²) of a texture of τ, which matters where the noise is weak. Over
 * the photographs of Kodak τ is 1 to 8 grey levels of 255, over skimage's lawn 11: of σ = 20 it makes 20.1 to 22.9 (23.8), of
 * σ = 5 it makes 5.4 to 9.9 (12.2). Where a picture does not vary at all (clipped, or a frame) there is nothing to see,
 * and it is left out. All channels are taken together.
 *
 * @param picture at least 4 × 4 pixels, without opacity
 * @returns in the units of the picture; 0 where nothing varies
 * @throws INVALID_SHAPE for a smaller picture, or one with opacity
 * @see Donoho & Johnstone, Ideal spatial adaptation by wavelet shrinkage, Biometrika 81 (1994), section 4.1; `estimate_sigma` of
 *   scikit-image is the same but for the borders
 * @example estimateDeviation(gaussianNoise(picture, { deviation: 0.1 }, random(0))) // about 0.1
 */
export function estimateDeviation(picture: Image): number {
  const { data, height, width, channels } = requireOpaque('picture', picture);
  requireFitting('picture', { height: taps.length, width: taps.length }, picture);
  const details: number[] = [];
  for (let top = 0; top + taps.length <= height; top += 2) {
    for (let left = 0; left + taps.length <= width; left += 2) {
      for (let channel = 0; channel < channels; channel++) {
        const first = (top * width + left) * channels + channel;
        let detail = 0;
        let flat = true;
        for (let row = 0; row < taps.length; row++) {
          for (let column = 0; column < taps.length; column++) {
            const value = data[first + (row * width + column) * channels]!;
            detail += taps[row]! * taps[column]! * value;
            flat &&= value === data[first];
          }
        }
        if (!flat) details.push(detail);
      }
    }
  }
  return robustDeviation(details);
}
