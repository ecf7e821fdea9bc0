import { type Network, type Problem, type ProblemNames, requireKnownOptions } from '@unrolled/contracts';
import { ista } from '@unrolled/solvers';
import { unroll } from '@unrolled/unroll';
import { classicalStep } from './classical-step.ts';

/**
 * SLISTA: ISTA that learns its steps α_t, one a layer, and nothing else.
 *
 *     x_t = prox_{α_t Φ}( x_{t−1} + α_t Aᵀ(y − A x_{t−1}) )
 *
 * The thresholds α_t · weight follow, so that every layer still is a step towards the lasso, and T numbers are learned. Any operator, prior
 * and likelihood will do; train it on `lasso()`, without targets.
 *
 * @param problem lent
 * @returns the network, which owns its variables: `dispose` frees them
 * @throws INVALID_ARGUMENT for an operator that is zero or a likelihood without a bounded curvature
 * @example
 * const network = await stepLista(problem, { layers: 10 });
 * @see Ablin, Moreau, Massias & Gramfort 2019, "Learning step sizes for unfolded sparse coding", (7)
 */
export async function stepLista<Q extends Problem>(
  problem: Q,
  options: { readonly layers: number },
): Promise<Network<ProblemNames<Q> | 'step', Q>> {
  requireKnownOptions('stepLista', options, ['layers']);
  const iteration = ista(problem as Problem, { step: await classicalStep(problem) });
  const network = await unroll(iteration, { ...options, train: ['step'], share: { step: 'each' } });
  return network as Network<ProblemNames<Q> | 'step', Q>;
}
