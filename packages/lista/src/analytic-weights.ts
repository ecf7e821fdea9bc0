import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { refuse, requirePositive, type SolvableOperator } from '@unrolled/contracts';

/**
 * The weights W `[features, atoms]` that are least coherent with a dictionary A,
 *
 *     min over W of ‖Wᵀ A‖² + μ‖W‖²  with  w_jᵀ a_j = 1,   so   w_j ∝ (A Aᵀ + μ I)⁻¹ a_j
 *
 * in closed form; μ = ridge · ‖A‖² keeps it stable where A has small singular values. (A Aᵀ + μI)⁻¹ A = A (AᵀA + μI)⁻¹, which is what a
 * solvable operator gives.
 *
 * @param operator lent
 * @param ridge a number > 0, default 10⁻³
 * @returns a fresh tensor
 * @throws INVALID_ARGUMENT for an atom that is zero
 * @see Liu, Chen, Wang & Yin 2019, "ALISTA", (16)
 */
export async function analyticWeights(operator: SolvableOperator, ridge = 1e-3): Promise<Tensor> {
  requirePositive('ridge', ridge);
  const norm = await operator.lipschitz();
  if (!(norm > 0)) refuse('operator', operator.name, 'an operator that is not zero');
  const solve = await operator.solveRegularized(ridge * norm);
  const atoms = await operator.matrix();
  try {
    // Rows of A times S, so the codes that are solved for are the features of A.
    const least = solve.solve(atoms);
    const gain = tf.tidy(() => tf.sum(tf.mul(least, atoms), 0));
    try {
      const zero = (await gain.data()).findIndex((value) => !(value > 0));
      if (zero >= 0) refuse('operator', `a zero atom, ${zero}`, 'atoms that are not zero');
      return tf.div(least, gain);
    } finally {
      tf.dispose([least, gain]);
    }
  } finally {
    solve.dispose();
    atoms.dispose();
  }
}
