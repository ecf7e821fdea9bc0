import type { Symmetric } from './gram.ts';

/**
 * The lower triangle L of shift·I + sign·M = L Lᵀ, row by row, or undefined where that matrix is not positive definite:
 * which is how a bound of an eigenvalue is proved.
 */
export function cholesky({ size, values }: Symmetric, shift: number, sign: 1 | -1): Float64Array | undefined {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const rowI = i * size;
    for (let j = 0; j <= i; j++) {
      const rowJ = j * size;
      let sum = sign * values[rowI + j]! + (i === j ? shift : 0);
      for (let k = 0; k < j; k++) sum -= lower[rowI + k]! * lower[rowJ + k]!;
      if (i !== j) {
        lower[rowI + j] = sum / lower[rowJ + j]!;
      } else {
        // Also refuses NaN.
        if (!(sum > 0)) return undefined;
        lower[rowI + i] = Math.sqrt(sum);
      }
    }
  }
  return lower;
}

/** L⁻¹ B for B `[size, columns]`, in place. */
export function solveLower(lower: Float64Array, size: number, b: Float64Array, columns: number): void {
  for (let i = 0; i < size; i++) {
    const row = i * columns;
    for (let k = 0; k < i; k++) {
      const factor = lower[i * size + k]!;
      const other = k * columns;
      for (let column = 0; column < columns; column++) b[row + column]! -= factor * b[other + column]!;
    }
    const diagonal = lower[i * size + i]!;
    for (let column = 0; column < columns; column++) b[row + column]! /= diagonal;
  }
}
