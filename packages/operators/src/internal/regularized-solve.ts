import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@unrolled/backend';
import { type RegularizedSolve, requirePositive, UnrolledError } from '@unrolled/contracts';
import { cholesky, solveLower } from './cholesky.ts';
import { gramOfColumns, gramOfRows } from './gram.ts';
import { requireBatch } from './shapes.ts';

/**
 * S = (μ I + Aᵀ A)⁻¹ for A `[features, atoms]`, factored in float64 on the host, then on the device.
 *
 * With L Lᵀ = μ I + Aᵀ A it is Fᵀ F, F = L⁻¹; with fewer features than atoms L Lᵀ = μ I + A Aᵀ is the smaller
 * factorisation, F = L⁻¹ A, and S = (I − Fᵀ F) / μ by Woodbury's identity. The matrix is made when it is asked for: a
 * wide dictionary is solved with and never squared.
 */
export function regularizedSolve(
  mu: number,
  a: ArrayLike<number>,
  features: number,
  atoms: number,
): RegularizedSolve {
  requirePositive('mu', mu);
  const wide = features < atoms;
  const rows = Math.min(features, atoms);
  const factor = wide ? byWoodbury(mu, a, features, atoms) : byCholesky(mu, a, features, atoms);
  const upload = (): Tensor2D => tf.tensor2d(Float32Array.from(factor), [rows, atoms]);
  const device = upload();
  return Object.freeze({
    matrix: () => {
      const { values } = gramOfColumns('atoms', factor, rows, atoms);
      const inverse = wide
        ? values.map((value, index) => ((index % (atoms + 1) === 0 ? 1 : 0) - value) / mu)
        : values;
      return tf.tensor2d(Float32Array.from(inverse), [atoms, atoms]);
    },
    factor: upload,
    solve: (q: Tensor) =>
      tf.tidy(() => {
        const inner = matMul(requireBatch('q', q, [atoms], '[batch, atoms]'), device, { transposeB: true });
        const product = matMul(inner, device);
        return wide ? tf.div(tf.sub(q, product), mu) : product;
      }),
    dispose: () => device.dispose(),
  });
}

/** L⁻¹, L Lᵀ = μ I + Aᵀ A. */
function byCholesky(mu: number, a: ArrayLike<number>, features: number, atoms: number): Float64Array {
  const lower = positive(cholesky(gramOfColumns('atoms', a, features, atoms), mu, 1), mu);
  const factor = identity(atoms);
  solveLower(lower, atoms, factor, atoms);
  return factor;
}

/** L⁻¹ A, L Lᵀ = μ I + A Aᵀ. */
function byWoodbury(mu: number, a: ArrayLike<number>, features: number, atoms: number): Float64Array {
  const lower = positive(cholesky(gramOfRows('atoms', a, features, atoms), mu, 1), mu);
  const factor = Float64Array.from(a);
  solveLower(lower, features, factor, atoms);
  return factor;
}

function identity(size: number): Float64Array {
  const values = new Float64Array(size * size);
  for (let index = 0; index < size; index++) values[index * (size + 1)] = 1;
  return values;
}

/** μ I + M is positive definite but for rounding: a μ that is lost beside M's entries is refused. */
function positive(lower: Float64Array | undefined, mu: number): Float64Array {
  if (lower) return lower;
  throw new UnrolledError(
    'INVALID_ARGUMENT',
    `mu: expected a number that is not lost beside the atoms' Gram matrix in float64, got ${mu}`,
  );
}
