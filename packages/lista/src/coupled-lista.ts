import { type Network, type Problem, requireKnownOptions } from '@unrolled/contracts';
import { ista, type ProximalGradientNames } from '@unrolled/solvers';
import { nonNegative, unroll } from '@unrolled/unroll';
import { classicalStep } from './classical-step.ts';
import { everyOne, weightNames } from './names.ts';
import { type SupportSelection, withSupportSelection } from './support-selection.ts';

/** Options of {@link coupledLista} and {@link analyticLista}. */
export interface CoupledListaOptions {
  /** T ≥ 1. */
  readonly layers: number;
  /** The largest entries pass without shrinkage; default none do. */
  readonly supportSelection?: SupportSelection;
}

/**
 * LISTA with coupled weights (LISTA-CP, and LISTA-CPSS with support selection): the dictionary A stays in the layers, and what the
 * residual is multiplied back with is learned,
 *
 *     x_t = S_{θ_t}( x_{t−1} + α W_tᵀ (y − A x_{t−1}) )
 *
 * with a W_t and a θ_t = α · weight_t for every layer. It starts as ISTA, W_t = A.
 *
 * @param problem lent
 * @returns the network, which owns its variables: `dispose` frees them
 * @throws INVALID_ARGUMENT for fractions that are none, an operator that is zero or a likelihood without a bounded curvature
 * @example
 * const network = await coupledLista(problem, { layers: 8, supportSelection: { perLayer: 0.01, most: 0.1 } });
 * @see Chen, Liu, Wang & Yin 2018, "Theoretical linear convergence of unfolded ISTA and its practical weights and thresholds", (12), (16)
 */
export async function coupledLista<Q extends Problem>(
  problem: Q,
  options: CoupledListaOptions,
): Promise<Network<ProximalGradientNames<Q, 'own'>, Q>> {
  requireKnownOptions('coupledLista', options, ['layers', 'supportSelection']);
  const { layers, supportSelection } = options;
  const weights = weightNames(problem);
  const trained = [...Object.keys(problem.operator.parameters).map((name) => `analysis.${name}`), ...weights];
  const network = await withSupportSelection(problem, supportSelection, async (selecting, share) =>
    unroll<string, string, Problem>(
      ista(selecting, { analysis: 'own', step: await classicalStep(problem) }),
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
