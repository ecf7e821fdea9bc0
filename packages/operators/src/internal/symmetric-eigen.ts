import type { Symmetric } from './gram.ts';

/** Eigenvalues of a symmetric matrix, and its orthonormal eigenvectors as rows `[size, size]`. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** Jacobi's method converges quadratically: no matrix takes nearly as many sweeps. */
const sweeps = 50;

/**
 * The eigendecomposition of a symmetric matrix, M = Σ λ_i v_i v_iᵀ, by the cyclic method of Jacobi: slower than others above a few
 * hundred rows, and to full float64 precision always.
 *
 * @see Golub & Van Loan, "Matrix computations", section 8.5
 */
export function symmetricEigen({ size, values }: Symmetric): SymmetricEigen {
  const m = values.slice();
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * (size + 1)] = 1;
  const total = m.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) off += m[p * size + q]! ** 2;
    if (off <= 1e-30 * total) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(m, vectors, size, p, q);
  }
  return { values: Float64Array.from({ length: size }, (_, i) => m[i * (size + 1)]!), vectors };
}

/** Turns rows and columns p and q so that entry (p, q) becomes zero; the whole matrix is kept, row by row. */
function rotate(m: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const entry = m[p * size + q]!;
  if (entry === 0) return;
  const theta = (m[q * (size + 1)]! - m[p * (size + 1)]!) / (2 * entry);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  const [rowP, rowQ] = [p * size, q * size];
  for (let k = 0; k < size; k++) {
    const [a, b] = [m[rowP + k]!, m[rowQ + k]!];
    m[rowP + k] = cosine * a - sine * b;
    m[rowQ + k] = sine * a + cosine * b;
    const [v, w] = [vectors[rowP + k]!, vectors[rowQ + k]!];
    vectors[rowP + k] = cosine * v - sine * w;
    vectors[rowQ + k] = sine * v + cosine * w;
  }
  for (let k = 0; k < size * size; k += size) {
    const [a, b] = [m[k + p]!, m[k + q]!];
    m[k + p] = cosine * a - sine * b;
    m[k + q] = sine * a + cosine * b;
  }
  m[rowP + q] = 0;
  m[rowQ + p] = 0;
}
