import { requireKnownOptions, requirePositive } from '@unrolled/contracts';
import { channelOf, type Picture, requirePictures } from './picture.ts';
import { type Similarity, similarity, windowLength } from './window-statistics.ts';

/** Options of {@link ssim} and {@link multiScaleSsim}. */
export interface SimilarityOptions {
  /** L, what the numbers of a picture span: 1 for 0 … 1, 255 for 0 … 255. Default 1. */
  readonly range?: number;
}

/**
 * Structural similarity of an estimate to the clean picture: the mean over all places of
 *
 *     (2 μx μy + C₁)(2 σxy + C₂) / ((μx² + μy² + C₁)(σx² + σy² + C₂)),   C₁ = (0.01 L)², C₂ = (0.03 L)²
 *
 * with the means, variances and covariance under a Gaussian window of 11 × 11 pixels, σ = 1.5, where it lies within the picture;
 * of several channels the mean. 1 for equal pictures, at most 1, negative for what is turned upside down.
 *
 * @throws INVALID_ARGUMENT for a side below 11 pixels, INVALID_SHAPE for pictures of different sizes, NOT_FINITE
 * @see Wang, Bovik, Sheikh & Simoncelli, Image quality assessment, IEEE Transactions on Image Processing 13 (2004), equation 13;
 *   scikit-image's `structural_similarity` with `gaussian_weights=True, sigma=1.5, use_sample_covariance=False`
 * @example ssim(clean, denoised)
 */
export function ssim(clean: Picture, estimate: Picture, options: SimilarityOptions = {}): number {
  const range = rangeOf('ssim', options);
  requirePictures(clean, estimate, windowLength);
  return meanOverChannels(clean, estimate, (x, y) => similarity(x, y, clean.width, range).ssim);
}

/** Of the paper, from the finest scale to the coarsest. */
const weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];
/** The coarsest scale must hold a window. */
const leastSide = windowLength * 2 ** (weights.length - 1);

/**
 * Structural similarity over five scales, each half as fine as the one before (means of 2 × 2 pixels; an odd last row or column
 * is left out):
 *
 *     ssim₅^β₅ · ∏ₘ csₘ^βₘ over m = 1 … 4,   cs = (2 σxy + C₂) / (σx² + σy² + C₂),   β = 0.0448, 0.2856, 0.3001, 0.2363, 0.1333
 *
 * of means over all places, as in {@link ssim}. A mean below 0 counts as 0, of which the power exists. From 0 to 1; of several
 * channels the mean.
 *
 * @throws INVALID_ARGUMENT for a side below 176 pixels (11 at the coarsest scale), else as `ssim`
 * @see Wang, Simoncelli & Bovik, Multi-scale structural similarity for image quality assessment, Asilomar 2003, equation 7
 * @example multiScaleSsim(clean, denoised)
 */
export function multiScaleSsim(clean: Picture, estimate: Picture, options: SimilarityOptions = {}): number {
  const range = rangeOf('multiScaleSsim', options);
  requirePictures(clean, estimate, leastSide);
  return meanOverChannels(clean, estimate, (finestX, finestY) => {
    let [x, y, width] = [finestX, finestY, clean.width];
    return weights.reduce((product, weight, scale) => {
      if (scale > 0) {
        [x, y] = [halved(x, width), halved(y, width)];
        width = Math.floor(width / 2);
      }
      const { ssim, contrast }: Similarity = similarity(x, y, width, range);
      return product * Math.max(0, scale === weights.length - 1 ? ssim : contrast) ** weight;
    }, 1);
  });
}

function rangeOf(name: string, options: SimilarityOptions): number {
  requireKnownOptions(name, options, ['range']);
  return requirePositive('range', options.range ?? 1);
}

function meanOverChannels(
  clean: Picture,
  estimate: Picture,
  compare: (x: Float64Array, y: Float64Array) => number,
): number {
  let sum = 0;
  for (let channel = 0; channel < clean.channels; channel++) {
    sum += compare(channelOf(clean, channel), channelOf(estimate, channel));
  }
  return sum / clean.channels;
}

/** The means of 2 × 2 pixels. */
function halved(x: Float64Array, width: number): Float64Array {
  const [rows, columns] = [Math.floor(x.length / width / 2), Math.floor(width / 2)];
  return Float64Array.from({ length: rows * columns }, (_, pixel) => {
    const at = 2 * (Math.floor(pixel / columns) * width + (pixel % columns));
    return (x[at]! + x[at + 1]! + x[at + width]! + x[at + width + 1]!) / 4;
  });
}
