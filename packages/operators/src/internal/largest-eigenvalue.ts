import { random } from '@unrolled/contracts';
import { cholesky } from './cholesky.ts';
import type { Symmetric } from './gram.ts';

/**
 * An upper bound of the largest eigenvalue of a positive semidefinite matrix, about six digits above it.
 *
 * Power iteration comes from below, and how near it came cannot be seen. So its result, a little enlarged, is taken for
 * a bound c only once a Cholesky factorisation shows that c·I − M is positive definite; else it is enlarged again.
 */
export function largestEigenvalueBound(matrix: Symmetric): number {
  if (matrix.size === 1) return matrix.values[0]!;
  const estimate = rayleighQuotient(matrix);
  if (estimate === 0) return 0;
  for (let margin = 1e-6; ; margin *= 2) {
    const bound = estimate * (1 + margin);
    if (cholesky(matrix, bound, -1)) return bound;
  }
}

/** xᵀ M x after power iteration from a random unit vector: at most the largest eigenvalue. */
function rayleighQuotient({ size, values }: Symmetric): number {
  const generator = random(0);
  let vector = Float64Array.from({ length: size }, () => generator.normal());
  let eigenvalue = 0;
  for (let turn = 0; turn < 1000; turn++) {
    const norm = Math.sqrt(vector.reduce((sum, entry) => sum + entry * entry, 0));
    if (norm === 0) return 0;
    const image = new Float64Array(size);
    let quotient = 0;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += values[i * size + j]! * vector[j]!;
      image[i] = sum / norm;
      quotient += (vector[i]! / norm) * image[i]!;
    }
    vector = image;
    if (turn >= 50 && quotient - eigenvalue <= 1e-9 * quotient) return quotient;
    eigenvalue = quotient;
  }
  return eigenvalue;
}
