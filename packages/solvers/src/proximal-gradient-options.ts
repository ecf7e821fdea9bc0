import {
  type Likelihood,
  type NamesOf,
  type Problem,
  type ProblemNames,
  refuse,
  requireKnownOptions,
  requireOneOf,
  requirePositive,
} from '@unrolled/contracts';
import type { Momentum } from './momentum.ts';
import type { Restart, RestartState } from './restart.ts';

/** Options of `ista` and `fista`. */
export interface ProximalGradientOptions<A extends 'tied' | 'own', R extends Restart> {
  /** The step α > 0. Without it 1/(curvature·‖A‖²), which `refresh` then gives again as the operator changes. */
  readonly step?: number;
  /** β_t on the host, t from 1. Of `ista` none, of `fista` `nesterovMomentum`. */
  readonly momentum?: Momentum;
  /** `'own'` gives the analysis Aᵀ its own copy of the operator's tensors, `'analysis.*'`. Default `'tied'`. */
  readonly analysis?: A;
  /** When momentum starts again, for every example by itself. Default `'none'`. */
  readonly restart?: R;
  /** c_t > 0, t from 1: the prior's weight in layer t is c_t times its own. Default: 1. */
  readonly decay?: (t: number) => number;
  /**
   * How the gradient is computed: through the signal, Aᵀ residual(y, A z), the default; or, of the Gaussian likelihood and codes `[batch,
   * atoms]`, in the space of the code, Aᵀy − (AᵀA) z, the Gram matrix once a forward pass. It takes fewer operations where there are fewer
   * atoms than twice the features; the same numbers but for rounding.
   */
  readonly form?: 'signal' | 'gram';
}

/** What the Gram matrix is for: a likelihood whose residual is y − A x. */
export type FormOption<Q extends Problem> = {
  readonly form?: Q extends { readonly likelihood: { readonly family: 'gaussian' } }
    ? 'signal' | 'gram'
    : 'signal';
};

/** The names of the parameters: those of the problem, the step, and the analysis where it is not tied. */
export type ProximalGradientNames<Q extends Problem, A extends 'tied' | 'own'> =
  | ProblemNames<Q>
  | 'step'
  | ('own' extends A ? `analysis.${NamesOf<Q['operator']>}` : never);

/** The names of the state: x the code, z where the next gradient is taken. */
export type ProximalGradientState<R extends Restart> = 'x' | 'z' | RestartState<R>;

/** Refuses a problem that is none, and options that are unknown, out of range or at odds. */
export function requireOptions(
  name: string,
  problem: Problem,
  options: ProximalGradientOptions<'tied' | 'own', Restart>,
): void {
  requireProblem(name, problem);
  requireKnownOptions(name, options, ['step', 'momentum', 'analysis', 'restart', 'decay', 'form']);
  requireOneOf('form', options.form ?? 'signal', ['signal', 'gram']);
  requireOneOf('analysis', options.analysis ?? 'tied', ['tied', 'own']);
  const restart = requireOneOf('restart', options.restart ?? 'none', ['none', 'gradient', 'monotone']);
  if (options.step !== undefined) requirePositive('step', options.step);
  else requireBoundedCurvature(problem.likelihood);
  for (const option of ['momentum', 'decay'] as const) {
    const given = options[option];
    if (given !== undefined && typeof given !== 'function') refuse(option, given, 'a function of t');
  }
  if (restart !== 'none' && options.momentum === undefined)
    refuse('restart', restart, "'none', as there is no momentum");
  if (restart === 'monotone' && options.decay) {
    refuse('restart', restart, "'none' or 'gradient', as the objective changes with t under decay");
  }
}

function requireProblem(name: string, problem: Problem): void {
  const { operator, prior, likelihood } = problem ?? {};
  if (typeof operator?.apply !== 'function') refuse(`${name}: problem.operator`, operator, 'an operator');
  if (typeof prior?.prox !== 'function') refuse(`${name}: problem.prior`, prior, 'a prior');
  if (typeof likelihood?.residual !== 'function')
    refuse(`${name}: problem.likelihood`, likelihood, 'a likelihood');
}

function requireBoundedCurvature(likelihood: Likelihood): void {
  if (Number.isFinite(likelihood.curvature)) return;
  refuse(
    'step',
    undefined,
    `a number > 0, as the curvature of the ${likelihood.family} likelihood has no bound (one with an option like largestRate may)`,
  );
}
