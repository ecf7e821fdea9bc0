import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '@unrolled/backend';
import {
  type Iteration,
  type Named,
  type Problem,
  problemParameters,
  problemWith,
  requirePositive,
  type SolvableOperator,
  withoutPrefix,
} from '@unrolled/contracts';
import { besideExamples, sumExamples } from '../batch.ts';
import { problemFor } from '../objective.ts';
import { tidied } from '../state.ts';
import { conjugateGradientSplitting } from './conjugate-gradient-splitting.ts';
import { factoredSplitting } from './factored-splitting.ts';
import { matrixSplitting } from './matrix-splitting.ts';
import type { PenaltyRule } from './penalty-rule.ts';
import {
  type ConjugateGradients,
  type DenseForm,
  type QuadraticProblem,
  requireSalsa,
  type SalsaNames,
  type SalsaOptions,
  type SalsaState,
} from './salsa-options.ts';
import { spectralSplitting } from './spectral-splitting.ts';
import type { Splitting } from './splitting.ts';

type AnyOptions = SalsaOptions<DenseForm | ConjugateGradients, PenaltyRule | undefined>;

/**
 * SALSA, the alternating direction method of multipliers (ADMM) for ½‖y − A x‖² + Φ(u) under x = u, bound to a problem:
 *
 *     q = W_e y,   S = (μI + AᵀA)⁻¹,   x_0 = q,   d_0 = 0
 *     u_t = prox_{Φ/μ}(x_{t−1} + d_{t−1})
 *     x_t = S (q + μ (u_t − d_{t−1}))
 *     d_t = d_{t−1} + x_t − u_t
 *
 * For Φ = α‖·‖₁ the prox is the soft threshold α/μ. The sign of d is that of the paper: some authors have −d. The state after step t
 * has x_t, d_t, and u_{t+1} already: x_t as the prior leaves it, with exact zeros, which is the code that is read out.
 *
 * Separation of sources (morphological component analysis) is the same algorithm: an operator made by `concatenate`, a prior made by
 * `blocks`. S is the only place where the sources meet.
 *
 * Parameters: those of the problem, `penalty` μ, and in the form `'matrix'` `analysis` W_e = Aᵀ `[atoms, features]` and `splitting` S
 * `[atoms, atoms]`, which start as the exact ones and can be trained apart from A; `refresh` makes them again from the atoms and μ.
 *
 * @param problem operator A, any prior Φ, the gaussian likelihood; lent, never changed
 * @throws INVALID_ARGUMENT for another likelihood, an operator without a matrix unless conjugate gradients are asked for, μ ≤ 0;
 *   UNKNOWN_OPTION
 * @example
 * const problem = { operator: dense(atoms), prior: l1(0.1), likelihood: gaussian() };
 * const { code } = await solve(salsa(problem), y, { stop: [primalResidual(1e-5), dualResidual(1e-5)] });
 * @see Afonso, Bioucas-Dias & Figueiredo, IEEE Trans. Image Process. 19 (2010); Cowen, Saridena & Choromanska, "LSALSA", Machine
 *   Learning 108 (2019), Algorithms 1 and 2
 */
export function salsa<
  Q extends QuadraticProblem<SolvableOperator>,
  F extends DenseForm = 'matrix',
  P extends PenaltyRule | undefined = undefined,
>(problem: Q, options?: SalsaOptions<F, P>): Iteration<SalsaNames<Q, F>, SalsaState<P>, Q>;
/** SALSA with any operator, a convolution say, where conjugate gradients are asked for. */
export function salsa<Q extends QuadraticProblem, P extends PenaltyRule | undefined = undefined>(
  problem: Q,
  options: SalsaOptions<ConjugateGradients, P> & { readonly form: ConjugateGradients },
): Iteration<SalsaNames<Q, ConjugateGradients>, SalsaState<P>, Q>;
export function salsa(problem: QuadraticProblem, options: AnyOptions = {}): Iteration {
  requireSalsa(problem, options);
  const { penalty = 1, adapt, code = 'u' } = options;
  const splitting = splittingOf(options);
  const derived = splitting !== undefined && typeof options.form !== 'object';

  const iteration: Iteration = {
    name: 'salsa',
    problem,
    parameters: async () => {
      const own = Object.entries(problemParameters(problem as Problem));
      return {
        ...Object.fromEntries(own.map(([name, tensor]) => [name, tf.clone(tensor)])),
        penalty: tf.scalar(penalty),
        ...(await splitting.parameters(problem.operator, penalty)),
      };
    },
    bind: (parameters, y) => {
      const { operator, prior, likelihood } = problemFor(problemWith(problem, parameters), y);
      const { analyse, solve } = splitting.bind(parameters, operator);
      const fixed = parameters['penalty']!;
      // What A x has to explain: y, less the baseline where there is one.
      const q = analyse(likelihood.residual(y, tf.zerosLike(y)));
      const shrink = (x: Tensor, d: Tensor, mu: Tensor): Tensor => prior.prox(tf.add(x, d), tf.div(1, mu));
      return {
        start: () =>
          tidied((): Named => {
            const x = tf.clone(q);
            const d = tf.zerosLike(q);
            if (!adapt) return { x, d, u: shrink(x, d, fixed) };
            const mu = tf.mul(fixed, tf.ones([y.shape[0]!, ...Array<number>(q.rank - 1).fill(1)]));
            return { x, d, u: shrink(x, d, mu), penalty: mu };
          }),
        step: (state, t) =>
          tidied((): Named => {
            const [last, d, u] = [state['x']!, state['d']!, state['u']!];
            const mu = state['penalty'] ?? fixed;
            const x = solve(tf.add(q, tf.mul(mu, tf.sub(u, d))), mu, last);
            const apart = tf.sub(x, u);
            const multiplier = tf.add(d, apart);
            if (!adapt) return { x, d: multiplier, u: shrink(x, multiplier, mu) };
            const factor = factorOf(adapt, { apart, moved: tf.mul(mu, tf.sub(x, last)) }, t);
            // μ d is the multiplier that stays; d is it in units of μ.
            const [next, scaled] = [tf.mul(mu, factor), tf.div(multiplier, factor)];
            return { x, d: scaled, u: shrink(x, scaled, next), penalty: next };
          }),
      };
    },
    code: (state) => state[code]!,
    decoder: (parameters) => problem.operator.with(withoutPrefix('operator', parameters)),
    ...(derived && {
      refresh: async (parameters: Named) => {
        const [mu] = await parameters['penalty']!.data();
        const operator = problem.operator.with(withoutPrefix('operator', parameters));
        return splitting.parameters(operator, requirePositive('penalty', mu!));
      },
    }),
  };
  return Object.freeze(iteration);
}

function splittingOf({ form = 'matrix', adapt }: AnyOptions): Splitting {
  if (typeof form === 'object') return conjugateGradientSplitting(form.conjugateGradients);
  if (form === 'matrix') return matrixSplitting;
  return adapt ? spectralSplitting : factoredSplitting;
}

/** What a rule makes of the residuals: piecewise constant, so decided off the tape. Stands beside codes. */
function factorOf(
  rule: PenaltyRule,
  { apart, moved }: { readonly apart: Tensor; readonly moved: Tensor },
  t: number,
): Tensor {
  const norm = (x: Tensor): Tensor => tf.sqrt(sumExamples(tf.square(x)));
  return withoutGradient(() => tf.tidy(() => besideExamples(rule(norm(apart), norm(moved), t), apart.rank)));
}
