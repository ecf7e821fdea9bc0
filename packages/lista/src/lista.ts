import type { Network, SolvableOperator } from '@unrolled/contracts';
import { requireKnownOptions } from '@unrolled/contracts';
import type { QuadraticProblem } from '@unrolled/solvers';
import { nonNegative, unroll } from '@unrolled/unroll';
import { everyOne, weightNames } from './names.ts';
import { type RecurrentNames, recurrentIsta } from './recurrent-ista.ts';

/** Options of {@link lista}. */
export interface ListaOptions {
  /** T, the recurrent steps after the first shrinkage; 0 is not a network of layers, so at least 1. */
  readonly layers: number;
  /** One W_e, S and θ for all layers (default, as published), or a copy for each. */
  readonly share?: 'one' | 'each';
}

/**
 * LISTA: ISTA as a recurrent network whose W_e, S and thresholds are learned.
 *
 *     x_t = S_θ(W_e y + S x_{t−1}),   x_0 = S_θ(W_e y),   t = 1 … layers
 *
 * It starts as ISTA, `layers + 1` steps of it. θ = step · weight is trained as the prior's weight, one for all entries or one an atom, as
 * the prior has it, and stays ≥ 0.
 *
 * @param problem a dense operator, a prior, the gaussian likelihood; lent
 * @returns the network, which owns its variables: `dispose` frees them
 * @example
 * const network = await lista({ operator: dense(atoms), prior: l1(0.1), likelihood: gaussian() }, { layers: 5 });
 * for await (const event of train(network, pairedMinibatches(signals, codes, 100), {
 *   epochs: 30,
 *   stages: [{ name: 'codes', train: ['analysis', 'recurrence', 'prior.weight'], loss: codeError(), optimizer: sgd({ rate: 0.05 }) }],
 * })) console.log(event);
 * @see Gregor & LeCun 2010, "Learning fast approximations of sparse coding", Algorithm 3
 */
export async function lista<Q extends QuadraticProblem<SolvableOperator>>(
  problem: Q,
  options: ListaOptions,
): Promise<Network<RecurrentNames<Q>, Q>> {
  requireKnownOptions('lista', options, ['layers', 'share']);
  const { layers, share = 'one' } = options;
  const weights = weightNames(problem);
  const network = await unroll<string, 'x', Q>(recurrentIsta(problem), {
    layers,
    train: ['analysis', 'recurrence', ...weights],
    share: { analysis: share, recurrence: share, ...everyOne(weights, share) },
    constraints: everyOne(weights, nonNegative),
  });
  return network as Network<RecurrentNames<Q>, Q>;
}
