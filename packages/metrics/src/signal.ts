import {
  refuse,
  requireAllFinite,
  requireKnownOptions,
  requireOneOf,
  requirePositive,
  UnrolledError,
} from '@unrolled/contracts';

/**
 * Signal-to-noise ratio of an estimate in dB, 10 log₁₀(Σ clean² / Σ (clean − estimate)²); ∞ for an exact estimate.
 *
 * @throws where the two have different lengths, are empty or not finite
 * @example snr([3, 4], [3, 3.5]) // 20
 */
export function snr(clean: ArrayLike<number>, estimate: ArrayLike<number>): number {
  return 10 * Math.log10(sumOver(clean, (value) => value * value) / squaredError(clean, estimate));
}

/** Options of {@link psnr}. */
export interface PsnrOptions {
  /**
   * What the ratio is taken to. `'maximum'` (default): the largest value of the clean signal, the convention of the papers on
   * unrolled dictionary networks. A number: what a signal could hold (the data range: 1 for 0 … 1, 255 for 0 … 255), the
   * convention of image libraries. They differ by 20 log₁₀(range / max(clean)), nothing where a picture has a white pixel.
   */
  readonly peak?: 'maximum' | number;
}

/**
 * Peak signal-to-noise ratio in dB, 20 log₁₀(peak) − 10 log₁₀(mean((clean − estimate)²)); ∞ for an exact estimate. Nothing is
 * clipped.
 *
 * @throws as `snr`, and where the peak is none
 * @example
 * psnr(clean.data, denoised.data); // to the maximum of the clean picture
 * psnr(clean.data, denoised.data, { peak: 1 }); // to the range of 0 … 1
 */
export function psnr(
  clean: ArrayLike<number>,
  estimate: ArrayLike<number>,
  options: PsnrOptions = {},
): number {
  requireKnownOptions('psnr', options, ['peak']);
  const error = squaredError(clean, estimate) / clean.length;
  const peak = peakOf(clean, options.peak ?? 'maximum');
  return 20 * Math.log10(peak) - 10 * Math.log10(error);
}

function peakOf(clean: ArrayLike<number>, peak: 'maximum' | number): number {
  if (typeof peak === 'number') return requirePositive('peak', peak);
  requireOneOf('peak', peak, ['maximum']);
  let largest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < clean.length; index++) largest = Math.max(largest, clean[index]!);
  if (largest <= 0) refuse('clean', `the maximum ${largest}`, 'a maximum > 0, or an option `peak`');
  return largest;
}

/**
 * The fraction of the entries of a code that are exactly 0.
 *
 * @throws where the code is empty or not finite
 * @example sparsity([0, 2, 0, 0]) // 0.75
 */
export function sparsity(code: ArrayLike<number>): number {
  requireSome('code', code);
  return sumOver(code, (value) => (value === 0 ? 1 : 0)) / code.length;
}

function squaredError(clean: ArrayLike<number>, estimate: ArrayLike<number>): number {
  requireSome('clean', clean);
  requireSome('estimate', estimate);
  if (clean.length !== estimate.length) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `estimate: expected ${clean.length} numbers, as the clean signal has, got ${estimate.length}`,
    );
  }
  return sumOver(clean, (value, index) => (value - estimate[index]!) ** 2);
}

function sumOver(values: ArrayLike<number>, term: (value: number, index: number) => number): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += term(values[index]!, index);
  return sum;
}

function requireSome(name: string, values: ArrayLike<number>): void {
  if (values.length === 0) throw new UnrolledError('INVALID_SHAPE', `${name}: expected numbers, got none`);
  requireAllFinite(name, values);
}
