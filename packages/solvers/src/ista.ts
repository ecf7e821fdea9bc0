import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Iteration,
  type Likelihood,
  type Named,
  type NamesOf,
  type Operator,
  type Problem,
  type ProblemNames,
  prefixNames,
  problemParameters,
  problemWith,
  refuse,
  requireKnownOptions,
  requireOneOf,
  requirePositive,
  withoutPrefix,
} from '@unrolled/contracts';
import type { Momentum } from './momentum.ts';
import { problemFor } from './objective.ts';
import {
  type Extrapolation,
  gradientRestart,
  monotoneRestart,
  plainExtrapolation,
  type Restart,
  type RestartState,
} from './restart.ts';
import { tidied } from './state.ts';

/** Options of {@link ista} and {@link fista}. */
export interface ProximalGradientOptions<A extends 'tied' | 'own', R extends Restart> {
  /** The step α > 0. Without it 1/(curvature·‖A‖²), which `refresh` then gives again as the operator changes. */
  readonly step?: number;
  /** β_t on the host, t from 1. Of `ista` none, of `fista` {@link nesterovMomentum}. */
  readonly momentum?: Momentum;
  /** `'own'` gives the analysis Aᵀ its own copy of the operator's tensors, `'analysis.*'`. Default `'tied'`. */
  readonly analysis?: A;
  /** When momentum starts again, for every example by itself. Default `'none'`. */
  readonly restart?: R;
  /** c_t > 0, t from 1: the prior's weight in layer t is c_t times its own. Default: 1. */
  readonly decay?: (t: number) => number;
}

/** The names of the parameters: those of the problem, the step, and the analysis where it is not tied. */
export type ProximalGradientNames<Q extends Problem, A extends 'tied' | 'own'> =
  | ProblemNames<Q>
  | 'step'
  | ('own' extends A ? `analysis.${NamesOf<Q['operator']>}` : never);

/** The names of the state: x the code, z where the next gradient is taken. */
export type ProximalGradientState<R extends Restart> = 'x' | 'z' | RestartState<R>;

/**
 * ISTA, the proximal gradient method bound to a problem: from x_0 = z_0 = 0,
 *
 *     x_t = prox_{α c_t Φ}( z_{t−1} + α Aᵀ residual(y, A z_{t−1}) ),   z_t = x_t + β_t (x_t − x_{t−1})
 *
 * with β = 0 unless `momentum` says otherwise. Its parameters are the problem's and `step` (a scalar, α).
 *
 * @param problem operator A, prior Φ, likelihood; lent, never changed
 * @throws INVALID_ARGUMENT where the likelihood's curvature has no bound and no `step` is given, or an option is wrong
 * @example
 * const problem = { operator: conv1d(filters), prior: l1(0.1), likelihood: gaussian() };
 * const { code } = await solve(ista(problem), y);
 * @see Daubechies, Defrise & De Mol 2004; Beck & Teboulle 2009, (3.1)
 */
export function ista<Q extends Problem, A extends 'tied' | 'own' = 'tied', R extends Restart = 'none'>(
  problem: Q,
  options: ProximalGradientOptions<A, R> = {},
): Iteration<ProximalGradientNames<Q, A>, ProximalGradientState<R>, Q> {
  return proximalGradient('ista', problem, options);
}

/** ISTA under the name of the algorithm that its options make. */
export function proximalGradient<Q extends Problem, A extends 'tied' | 'own', R extends Restart>(
  name: string,
  problem: Q,
  options: ProximalGradientOptions<A, R>,
): Iteration<ProximalGradientNames<Q, A>, ProximalGradientState<R>, Q> {
  requireOptions(name, problem, options);
  const own = options.analysis === 'own';
  const analysisOf = (parameters: Named, operator: Operator): Operator =>
    own ? operator.with(withoutPrefix('analysis', parameters)) : operator;

  const classicalStep = async (operator: Operator, analysis: Operator): Promise<Tensor> => {
    const norm = await operator.lipschitz();
    const bound = analysis === operator ? norm : Math.sqrt(norm * (await analysis.lipschitz()));
    if (!(bound > 0))
      refuse('step', undefined, `a step: operator ${operator.name} is zero, so 1/‖A‖² is not a number`);
    return tf.scalar(1 / (problem.likelihood.curvature * bound));
  };

  // The record's names depend on options, so they are checked by `requireOptions` and the tests of types, not inferred here.
  const iteration: Iteration<string, string, Q> = {
    name,
    problem,
    parameters: async () => {
      const step =
        options.step === undefined
          ? await classicalStep(problem.operator, problem.operator)
          : tf.scalar(options.step);
      const analysis = own ? prefixNames('analysis', problem.operator.parameters) : {};
      return { ...cloned({ ...problemParameters(problem), ...analysis }), step };
    },
    bind: (parameters, y) => {
      const bound = problemFor(problemWith(problem, parameters), y);
      const { operator, prior, likelihood } = bound;
      const analysis = analysisOf(parameters, operator);
      const step = parameters['step']!;
      const extrapolation = extrapolationOf(options, bound, y);
      return {
        start: () =>
          tidied(() => {
            const x = tf.zeros(operator.codeShape(y.shape));
            return { x, z: tf.clone(x), ...extrapolation.start(y.shape[0]!) };
          }),
        step: (state, t) =>
          tidied(() => {
            const z = state['z']!;
            const gradient = analysis.adjoint(likelihood.residual(y, operator.apply(z)));
            const weighted = options.decay ? tf.mul(requirePositive('decay', options.decay(t)), step) : step;
            return extrapolation.next(state, prior.prox(tf.add(z, tf.mul(step, gradient)), weighted), t);
          }),
      };
    },
    code: (state) => state['x']!,
    decoder: (parameters) => problem.operator.with(withoutPrefix('operator', parameters)),
    ...(options.step === undefined && {
      refresh: async (parameters: Named) => {
        const operator = problem.operator.with(withoutPrefix('operator', parameters));
        return { step: await classicalStep(operator, analysisOf(parameters, operator)) };
      },
    }),
  };
  return Object.freeze(iteration) as Iteration<ProximalGradientNames<Q, A>, ProximalGradientState<R>, Q>;
}

const cloned = (tensors: Named): Named =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.clone(tensor)]));

function extrapolationOf(
  options: ProximalGradientOptions<'tied' | 'own', Restart>,
  problem: Problem,
  y: Tensor,
): Extrapolation {
  const { momentum, restart = 'none' } = options;
  if (restart === 'none' || momentum === undefined) return plainExtrapolation(momentum);
  return restart === 'gradient' ? gradientRestart(momentum) : monotoneRestart(momentum, problem, y);
}

function requireOptions(
  name: string,
  problem: Problem,
  options: ProximalGradientOptions<'tied' | 'own', Restart>,
): void {
  requireProblem(name, problem);
  requireKnownOptions(name, options, ['step', 'momentum', 'analysis', 'restart', 'decay']);
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
    `a number > 0, as the curvature of the ${likelihood.family} likelihood has no bound`,
  );
}
