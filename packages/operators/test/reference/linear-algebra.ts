import { EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix';

/** A matrix out of its entries, row by row. */
export const matrixOf = (values: ArrayLike<number>, rows: number, columns: number): Matrix =>
  Matrix.from1DArray(rows, columns, Array.from(values));

/** ‖A‖², the largest eigenvalue of the smaller Gram matrix, in float64. */
export function squaredNorm(a: Matrix): number {
  const gram = a.rows < a.columns ? a.mmul(a.transpose()) : a.transpose().mmul(a);
  return Math.max(...new EigenvalueDecomposition(gram, { assumeSymmetric: true }).realEigenvalues);
}

/** (μ I + Aᵀ A)⁻¹ by elimination, with nothing of the product's way of doing it. */
export function regularizedInverse(a: Matrix, mu: number): Matrix {
  return inverse(a.transpose().mmul(a).add(Matrix.eye(a.columns).mul(mu)));
}
