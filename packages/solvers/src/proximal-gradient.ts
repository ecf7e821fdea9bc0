import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { hasShrinkageKernel, shrinkageStep } from '@unrolled/backend';
import {
  type Iteration,
  type Named,
  type Operator,
  type Prior,
  type Problem,
  prefixNames,
  problemParameters,
  problemWith,
  refuse,
  requirePositive,
  withoutPrefix,
} from '@unrolled/contracts';
import { problemFor } from './objective.ts';
import {
  type ProximalGradientNames,
  type ProximalGradientOptions,
  type ProximalGradientState,
  requireOptions,
} from './proximal-gradient-options.ts';
import { pullThroughGram, pullThroughSignal } from './pull.ts';
import {
  type Extrapolation,
  gradientRestart,
  monotoneRestart,
  plainExtrapolation,
  type Restart,
} from './restart.ts';
import { tidied } from './state.ts';

/** What ISTA and FISTA are: one step, with momentum or without. `name` is what errors and logs call it. */
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
      const proximalStep = proximalStepOf(prior, step, options.decay);
      const extrapolation = extrapolationOf(options, bound, y);
      const pull =
        options.form === 'gram'
          ? pullThroughGram(analysis, operator, y)
          : pullThroughSignal(analysis, operator, likelihood, y);
      return {
        start: () =>
          tidied(() => {
            const x = tf.zeros(operator.codeShape(y.shape));
            return { x, z: tf.clone(x), ...extrapolation.start(y.shape[0]!) };
          }),
        step: (state, t) =>
          tidied(() => {
            const z = state['z']!;
            return extrapolation.next(state, proximalStep(z, pull(z), t), t);
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

/** prox(z + α · gradient, c_t α), in layer t: in one pass where the prior's prox is a shrinkage and a kernel for it is here. */
function proximalStepOf(
  prior: Prior,
  step: Tensor,
  decay: ProximalGradientOptions<'tied' | 'own', Restart>['decay'],
): (z: Tensor, gradient: Tensor, t: number) => Tensor {
  const weighted = (t: number): Tensor => (decay ? tf.mul(requirePositive('decay', decay(t)), step) : step);
  if (!prior.shrinkage || !hasShrinkageKernel())
    return (z, gradient, t) => prior.prox(tf.add(z, tf.mul(step, gradient)), weighted(t));
  // Where it is the same in all layers, it is computed once.
  const common = decay ? undefined : prior.shrinkage(step);
  return (z, gradient, t) => shrinkageStep(z, gradient, step, common ?? prior.shrinkage!(weighted(t)));
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
