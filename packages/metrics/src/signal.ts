import { requireAllFinite, UnrolledError } from '@unrolled/contracts';

/**
 * Signal-to-noise ratio of an estimate in dB, 10 log₁₀(Σ clean² / Σ (clean − estimate)²); ∞ for an exact estimate.
 *
 * @throws where the two have different lengths, are empty or not finite
 * @example snr([3, 4], [3, 3.5]) // 20
 */
export function snr(clean: ArrayLike<number>, estimate: ArrayLike<number>): number {
  return 10 * Math.log10(sumOver(clean, (value) => value * value) / squaredError(clean, estimate));
}

/**
 * Peak signal-to-noise ratio in dB, 20 log₁₀(max(clean)) − 10 log₁₀(mean((clean − estimate)²)). The peak is the maximum of the
 * clean signal, not of what it could hold.
 *
 * @throws as `snr`
 */
export function psnr(clean: ArrayLike<number>, estimate: ArrayLike<number>): number {
  const error = squaredError(clean, estimate) / clean.length;
  let peak = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < clean.length; index++) peak = Math.max(peak, clean[index]!);
  return 20 * Math.log10(peak) - 10 * Math.log10(error);
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
