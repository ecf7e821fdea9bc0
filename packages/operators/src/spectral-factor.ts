import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { requireFloat, requireRank } from '@unrolled/contracts';
import { gramOfColumns, gramOfRows } from './internal/gram.ts';
import { symmetricEigen } from './internal/symmetric-eigen.ts';

/**
 * A factor W `[min(features, atoms), atoms]` of Aᵀ A = Wᵀ W whose rows are orthogonal: their squared norms are the eigenvalues λ of
 * Aᵀ A that are not zero, so that (μI + AᵀA)⁻¹ q = (q − Wᵀ (W q / (μ + λ))) / μ for every μ > 0.
 *
 * In float64 on the host, by Jacobi's method on the smaller Gram matrix: seconds for a few hundred features or atoms.
 *
 * @param matrix A `[features, atoms]`; lent
 * @returns a fresh tensor
 * @throws INVALID_SHAPE, INVALID_DTYPE; NOT_FINITE for a NaN or infinity
 * @example
 * const factor = await spectralFactor(tf.tensor2d([[3, 0], [0, 4]])); // rows [±3, 0] and [0, ±4]
 */
export async function spectralFactor(matrix: Tensor): Promise<Tensor> {
  requireRank('matrix', matrix, 2, '[features, atoms]');
  requireFloat('matrix', matrix);
  const [features, atoms] = matrix.shape as [number, number];
  const a = await matrix.data();
  if (features >= atoms) {
    // Aᵀ A = Σ λ v vᵀ, so the rows are √λ v.
    const { values, vectors } = symmetricEigen(gramOfColumns('matrix', a, features, atoms));
    // A λ that is zero may come out slightly negative.
    const rows = vectors.map(
      (entry, index) => entry * Math.sqrt(Math.max(values[Math.floor(index / atoms)]!, 0)),
    );
    return tf.tensor2d(Float32Array.from(rows), [atoms, atoms]);
  }
  // A Aᵀ = Σ λ u uᵀ, so the rows are uᵀ A.
  const { vectors } = symmetricEigen(gramOfRows('matrix', a, features, atoms));
  const rows = new Float64Array(features * atoms);
  for (let i = 0; i < features; i++) {
    for (let k = 0; k < features; k++) {
      const weight = vectors[i * features + k]!;
      for (let j = 0; j < atoms; j++) rows[i * atoms + j]! += weight * a[k * atoms + j]!;
    }
  }
  return tf.tensor2d(Float32Array.from(rows), [features, atoms]);
}
