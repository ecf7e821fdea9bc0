import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@unrolled/backend';
import { type RegularizedSolve, requirePositive, UnrolledError } from '@unrolled/contracts';
import { cholesky, solveLower } from './cholesky.ts';
import { gramOfColumns, gramOfRows } from './gram.ts';
import { requireBatch } from './shapes.ts';

/**
 * S = (μ I + Aᵀ A)⁻¹ for A `[features, atoms]`, in float64 on the host, then on the device.
 *
 * With L Lᵀ = μ I + Aᵀ A it is (L⁻¹)ᵀ L⁻¹; with fewer features than atoms L Lᵀ = μ I + A Aᵀ is the smaller
 * factorisation, V = L⁻¹ A, and S = (I − Vᵀ V) / μ by Woodbury's identity.
 */
export function regularizedSolve(
  mu: number,
  a: ArrayLike<number>,
  features: number,
  atoms: number,
): RegularizedSolve {
  requirePositive('mu', mu);
  const inverse = features < atoms ? byWoodbury(mu, a, features, atoms) : byCholesky(mu, a, features, atoms);
  const host = Float32Array.from(inverse);
  const upload = (): Tensor2D => tf.tensor2d(host.slice(), [atoms, atoms]);
  const device = upload();
  return Object.freeze({
    matrix: upload,
    // S is symmetric: rows q S are (S qᵀ)ᵀ.
    solve: (q: Tensor) => matMul(requireBatch('q', q, [atoms], '[batch, atoms]'), device),
    dispose: () => device.dispose(),
  });
}

function byCholesky(mu: number, a: ArrayLike<number>, features: number, atoms: number): Float64Array {
  const inverse = identity(atoms);
  solveLower(
    positive(cholesky(gramOfColumns('atoms', a, features, atoms), mu, 1), mu),
    atoms,
    inverse,
    atoms,
  );
  return gramOfColumns('atoms', inverse, atoms, atoms).values;
}

function byWoodbury(mu: number, a: ArrayLike<number>, features: number, atoms: number): Float64Array {
  const v = Float64Array.from(a);
  solveLower(positive(cholesky(gramOfRows('atoms', a, features, atoms), mu, 1), mu), features, v, atoms);
  const inverse = gramOfColumns('atoms', v, features, atoms).values;
  for (let index = 0; index < inverse.length; index++) {
    const one = index % (atoms + 1) === 0 ? 1 : 0;
    inverse[index] = (one - inverse[index]!) / mu;
  }
  return inverse;
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
