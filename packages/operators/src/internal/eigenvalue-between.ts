import type { Hermitian } from './hermitian.ts';

/**
 * Two numbers that the largest eigenvalue of a positive semidefinite matrix lies between, from repeated squaring:
 *
 *     ‖M^p‖_F^{1/p} / n^{1/2p} ≤ λ_max ≤ ‖M^p‖_F^{1/p},    p = 1, 2, 4, …
 *
 * @param enough whether an upper bound will do as it is
 * @param precision how far apart the two may be elsewhere, relative to the smaller
 */
export function eigenvalueBetween(
  matrix: Hermitian,
  enough: (most: number) => boolean,
  precision: number,
): { readonly least: number; readonly most: number } {
  const { size } = matrix;
  let power = matrix;
  let most = 1;
  for (let p = 1; ; p *= 2) {
    // M^p is kept at norm 1: what it is divided by goes into the bound.
    const norm = frobenius(power);
    if (norm === 0) return { least: 0, most: 0 };
    most *= norm ** (1 / p);
    const spread = size ** (1 / (2 * p));
    if (spread <= 1 + precision || enough(most)) return { least: most / spread, most };
    power = square(power, 1 / norm);
  }
}

function frobenius({ real, imaginary }: Hermitian): number {
  let sum = 0;
  for (let index = 0; index < real.length; index++) sum += real[index]! ** 2 + imaginary[index]! ** 2;
  return Math.sqrt(sum);
}

/** (scale·M)². */
function square({ size, real, imaginary }: Hermitian, scale: number): Hermitian {
  const [re, im] = [new Float64Array(size * size), new Float64Array(size * size)];
  const factor = scale * scale;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      // Row i times column j, which is the conjugate of row j.
      let [sumRe, sumIm] = [0, 0];
      for (let k = 0, a = i * size, b = j * size; k < size; k++, a++, b++) {
        sumRe += real[a]! * real[b]! + imaginary[a]! * imaginary[b]!;
        sumIm += imaginary[a]! * real[b]! - real[a]! * imaginary[b]!;
      }
      re[i * size + j] = re[j * size + i] = sumRe * factor;
      im[i * size + j] = sumIm * factor;
      im[j * size + i] = -sumIm * factor;
    }
  }
  return { size, real: re, imaginary: im };
}
