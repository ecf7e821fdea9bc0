import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@unrolled/backend';
import { requireFloat, requireRank, requireShape, type SolvableOperator } from '@unrolled/contracts';
import { gramOfColumns, gramOfRows } from './internal/gram.ts';
import { largestEigenvalueBound } from './internal/largest-eigenvalue.ts';
import { regularizedSolve } from './internal/regularized-solve.ts';
import { requireBatch } from './internal/shapes.ts';

/**
 * A dense dictionary A of `atoms` `[features, atoms]`: signals `[batch, features]`, codes `[batch, atoms]`.
 *
 *     A x = Σ_j x_j a_j,    (Aᵀ y)_j = ⟨a_j, y⟩
 *
 * `lipschitz` is σ_max(A)² to six digits from above: the largest eigenvalue of the smaller Gram matrix in float64, by
 * power iteration, then certified by a Cholesky factorisation. `solveRegularized(μ)` factors μI + AᵀA by Cholesky, or
 * μI + AAᵀ where there are fewer features than atoms (Woodbury):
 *
 *     (μ I + Aᵀ A)⁻¹ = (I − Aᵀ (μ I + A Aᵀ)⁻¹ A) / μ
 *
 * which costs features²·atoms in place of atoms³.
 *
 * @param atoms float32 `[features, atoms]`; lent, stays its maker's
 * @throws `INVALID_SHAPE`, `INVALID_DTYPE`; `INVALID_ARGUMENT` by `solveRegularized` for μ ≤ 0; `NOT_FINITE` by
 *   `lipschitz` and `solveRegularized` where an atom has a NaN or infinity
 * @example
 * ```ts
 * const operator = dense(tf.tensor2d([[1, 0, 1], [0, 1, 1]])); // 2 features, 3 atoms
 * const y = operator.apply(tf.tensor2d([[1, 2, 3]])); // [[4, 5]]
 * const L = await operator.lipschitz(); // 3
 * ```
 */
export function dense(atoms: Tensor): SolvableOperator<'atoms'> {
  requireRank('atoms', atoms, 2, '[features, atoms]');
  requireFloat('atoms', atoms);
  const [features, count] = atoms.shape as [number, number];
  requireShape(
    'atoms',
    [Math.min(features, 1), Math.min(count, 1)],
    [1, 1],
    'at least one feature and one atom',
  );
  return Object.freeze({
    name: 'dense',
    parameters: Object.freeze({ atoms }),
    codeSize: count,
    apply: (x: Tensor) =>
      matMul(requireBatch('x', x, [count], '[batch, atoms]'), atoms, { transposeB: true }),
    adjoint: (y: Tensor) => matMul(requireBatch('y', y, [features], '[batch, features]'), atoms),
    codeShape: (signalShape: readonly number[]) => {
      requireShape('signalShape', signalShape, [-1, features], '[batch, features]');
      return [signalShape[0]!, count];
    },
    lipschitz: async () => {
      const gram = features < count ? gramOfRows : gramOfColumns;
      return largestEigenvalueBound(gram('atoms', await atoms.data(), features, count));
    },
    matrix: async () => tf.clone(atoms),
    solveRegularized: async (mu: number) => regularizedSolve(mu, await atoms.data(), features, count),
    with: (parameters: { readonly atoms: Tensor }) => dense(parameters.atoms),
  });
}
