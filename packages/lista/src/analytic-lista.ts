import * as tf from '@tensorflow/tfjs-core';
import {
  type Iteration,
  type Network,
  type Problem,
  requireKnownOptions,
  type SolvableOperator,
} from '@unrolled/contracts';
import { ista, type ProximalGradientNames, type QuadraticProblem } from '@unrolled/solvers';
import { nonNegative, unroll } from '@unrolled/unroll';
import { analyticWeights } from './analytic-weights.ts';
import { classicalStep } from './classical-step.ts';
import type { CoupledListaOptions } from './coupled-lista.ts';
import { everyOne, weightNames } from './names.ts';
import { withSupportSelection } from './support-selection.ts';

/**
 * ALISTA: LISTA whose weights W follow from the dictionary, the least coherent with it, so that two numbers a layer are learned, the step
 * γ_t and the threshold θ_t = γ_t · weight_t:
 *
 *     x_t = S_{θ_t}( x_{t−1} + γ_t Wᵀ (y − A x_{t−1}) ),   W of `analyticWeights`
 *
 * @param problem with a dense operator, whose atoms are those of one dictionary; lent
 * @returns the network, which owns its variables: `dispose` frees them
 * @throws INVALID_ARGUMENT for fractions that are none, or an atom that is zero
 * @example
 * const network = await analyticLista(problem, { layers: 16 });
 * @see Liu, Chen, Wang & Yin 2019, "ALISTA: analytic weights are as good as learned weights in LISTA", (6), (13)
 */
export async function analyticLista<Q extends QuadraticProblem<SolvableOperator<'atoms'>>>(
  problem: Q,
  options: CoupledListaOptions,
): Promise<Network<ProximalGradientNames<Q, 'own'>, Q>> {
  requireKnownOptions('analyticLista', options, ['layers', 'supportSelection']);
  const { layers, supportSelection } = options;
  const weights = weightNames(problem);
  const trained = ['step', ...weights];
  const network = await withSupportSelection(problem as Problem, supportSelection, async (selecting, share) =>
    unroll<string, string, Problem>(
      analytic(ista(selecting, { analysis: 'own', step: await classicalStep(problem) }), problem.operator),
      {
        layers,
        train: trained,
        share: { ...everyOne(trained, 'each'), ...share },
        constraints: everyOne(weights, nonNegative),
      },
    ),
  );
  return network as Network<ProximalGradientNames<Q, 'own'>, Q>;
}

/** The same iteration, starting from other weights. */
function analytic(iteration: Iteration, operator: SolvableOperator): Iteration {
  return Object.freeze<Iteration>({
    ...iteration,
    parameters: async () => {
      const weights = await analyticWeights(operator);
      const { 'analysis.atoms': atoms, ...others } = await iteration.parameters();
      tf.dispose(atoms);
      return { ...others, 'analysis.atoms': weights };
    },
  });
}
