import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@unrolled/backend';
import {
  type Iteration,
  type ProblemNames,
  problemParameters,
  problemWith,
  refuse,
  type SolvableOperator,
  withoutPrefix,
} from '@unrolled/contracts';
import { problemFor, type QuadraticProblem, tidied } from '@unrolled/solvers';

/** Parameters of {@link recurrentIsta}: the problem's, W_e, S and the step. */
export type RecurrentNames<Q extends QuadraticProblem> = ProblemNames<Q> | 'analysis' | 'recurrence' | 'step';

/**
 * ISTA written as a recurrent network, with its two matrices multiplied out:
 *
 *     x_t = prox_{α Φ}(W_e y + S x_{t−1}),   W_e = α Aᵀ,   S = I − α AᵀA,   x_0 = prox_{α Φ}(W_e y)
 *
 * For Φ = λ‖·‖₁ the prox is the soft threshold θ = α λ. T steps are T + 1 steps of ISTA from zero. Parameters: those of the problem,
 * `analysis` W_e `[atoms, features]`, `recurrence` S `[atoms, atoms]` and `step` α = 1/‖A‖². A is left in the decoder alone.
 *
 * @param problem a dense operator, any prior, the gaussian likelihood; lent
 * @throws INVALID_ARGUMENT for an operator without a matrix, or that is zero, or another likelihood
 * @example
 * const network = await unroll(recurrentIsta(problem), { layers: 5, train: ['analysis', 'recurrence'] });
 * @see Gregor & LeCun 2010, "Learning fast approximations of sparse coding", (3)
 */
export function recurrentIsta<Q extends QuadraticProblem<SolvableOperator>>(
  problem: Q,
): Iteration<RecurrentNames<Q>, 'x', Q> {
  requireDense(problem);
  const iteration: Iteration<string, 'x', Q> = {
    name: 'recurrentIsta',
    problem,
    parameters: async () => {
      const { operator } = problem;
      const norm = await operator.lipschitz();
      if (!(norm > 0)) refuse('problem.operator', operator.name, 'an operator that is not zero');
      const atoms = await operator.matrix();
      const matrices = tf.tidy(() => ({
        analysis: tf.div(tf.transpose(atoms), norm),
        recurrence: tf.sub(tf.eye(atoms.shape[1]!), tf.div(matMul(atoms, atoms, { transposeA: true }), norm)),
        step: tf.scalar(1 / norm),
      }));
      atoms.dispose();
      const own = Object.entries<Tensor>(problemParameters(problem));
      return { ...Object.fromEntries(own.map(([name, tensor]) => [name, tf.clone(tensor)])), ...matrices };
    },
    bind: (parameters, y) => {
      const { prior, likelihood } = problemFor(problemWith(problem, parameters), y);
      const step = parameters['step']!;
      // Codes are rows; transposed once a forward pass, for a trained S is not symmetric.
      const recurrence = tf.transpose(parameters['recurrence']!);
      // What A x has to explain: y, less the baseline where there is one.
      const explained = likelihood.residual(y, tf.zerosLike(y));
      const drive = matMul(explained, parameters['analysis']!, { transposeB: true });
      return {
        start: () => tidied(() => ({ x: prior.prox(drive, step) })),
        step: ({ x }: { readonly x: Tensor }) =>
          tidied(() => ({ x: prior.prox(tf.add(drive, matMul(x, recurrence)), step) })),
      };
    },
    code: ({ x }) => x,
    decoder: (parameters) => problem.operator.with(withoutPrefix('operator', parameters)),
  };
  return Object.freeze(iteration) as Iteration<RecurrentNames<Q>, 'x', Q>;
}

function requireDense({ operator, likelihood }: QuadraticProblem): void {
  if (!('matrix' in operator)) refuse('problem.operator', operator.name, 'a dense operator');
  // Its name stands for ½‖y − η‖²: for any other the gradient is not linear in the code, and there is no S.
  if (likelihood.family !== 'gaussian')
    refuse('problem.likelihood', likelihood.family, 'the gaussian likelihood');
}
