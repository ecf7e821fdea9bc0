import {
  type Likelihood,
  type Operator,
  type Prior,
  type Problem,
  type ProblemNames,
  refuse,
  requireInteger,
  requireKnownOptions,
  requireOneOf,
  requirePositive,
  type SolvableOperator,
} from '@unrolled/contracts';
import type { PenaltyRule } from './penalty-rule.ts';

/** A problem whose data term is ½‖y − A x‖², so that minimising it together with a quadratic is a linear solve. */
export type QuadraticProblem<A extends Operator = Operator> = Problem<
  A,
  Prior,
  Likelihood<'gaussian', string>
>;

/** How S q is computed for a dense operator. */
export type DenseForm =
  /** One product with S = (μI + AᵀA)⁻¹, a parameter `[atoms, atoms]`; W_e is another: what LSALSA trains. */
  | 'matrix'
  /** By a factor `[min(features, atoms), atoms]` of it: Cholesky, or Woodbury with fewer features than atoms. */
  | 'solve';

/** S q for any operator, by so many steps of conjugate gradients from the last x. */
export interface ConjugateGradients {
  readonly conjugateGradients: number;
}

/** Options of {@link salsa}. */
export interface SalsaOptions<F extends DenseForm | ConjugateGradients, P extends PenaltyRule | undefined> {
  /** μ > 0, the weight of ½‖x − u‖². Any gives the same limit, in more or fewer steps. Default 1. */
  readonly penalty?: number;
  /** How S q is computed; default `'matrix'`. Conjugate gradients only where they are asked for. */
  readonly form?: F;
  /** Changes μ on the way, `residualBalancing()` say; not with the form `'matrix'`, which is S for one μ. */
  readonly adapt?: P & ('matrix' extends F ? undefined : unknown);
  /** What is read out: `'u'` (default), which has the prior's exact zeros, or `'x'`, as the paper's algorithms return. */
  readonly code?: 'u' | 'x';
}

/** The parameters: the problem's, `'penalty'` μ, and what S q is computed with. */
export type SalsaNames<Q extends Problem, F> =
  | ProblemNames<Q>
  | 'penalty'
  | ('matrix' extends F ? 'analysis' | 'splitting' : 'solve' extends F ? 'factor' : never);

/** The state: x fits the data, u obeys the prior, d is the scaled multiplier of x = u; μ where it adapts. */
export type SalsaState<P> = 'x' | 'u' | 'd' | (P extends PenaltyRule ? 'penalty' : never);

/** Refuses a problem that SALSA cannot solve, and options that are unknown, out of range or at odds. */
export function requireSalsa(
  problem: QuadraticProblem,
  options: SalsaOptions<DenseForm | ConjugateGradients, PenaltyRule | undefined>,
): void {
  const { operator, prior, likelihood } = problem ?? {};
  if (typeof operator?.apply !== 'function') refuse('salsa: problem.operator', operator, 'an operator');
  if (typeof prior?.prox !== 'function') refuse('salsa: problem.prior', prior, 'a prior');
  // Its name stands for ½‖y − η‖²: for any other data term the x-update is no linear solve, and S would be silently wrong.
  if (likelihood?.family !== 'gaussian')
    refuse('salsa: problem.likelihood', likelihood?.family, 'the gaussian likelihood');
  requireKnownOptions('salsa', options, ['penalty', 'form', 'adapt', 'code']);
  if (options.penalty !== undefined) requirePositive('penalty', options.penalty);
  requireOneOf('code', options.code ?? 'u', ['u', 'x']);
  const { form = 'matrix', adapt } = options;
  if (typeof form === 'object' && form !== null) {
    requireKnownOptions('form', form, ['conjugateGradients']);
    requireInteger('form.conjugateGradients', form.conjugateGradients);
  } else {
    requireOneOf('form', form, ['matrix', 'solve']);
    requireSolvable(operator);
  }
  if (adapt !== undefined && typeof adapt !== 'function')
    refuse('adapt', adapt, 'a rule such as residualBalancing()');
  if (adapt !== undefined && form === 'matrix')
    refuse(
      'adapt',
      'a rule',
      "form 'solve' or { conjugateGradients }, as the matrix S belongs to one penalty",
    );
}

function requireSolvable(operator: Operator): asserts operator is SolvableOperator {
  if ('solveRegularized' in operator) return;
  refuse(
    'salsa: problem.operator',
    operator.name,
    'a dense operator, or form: { conjugateGradients: steps }, which takes any',
  );
}
