import {
  type Network,
  type Operator,
  type Prior,
  type Problem,
  requireKnownOptions,
} from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { unitSphere } from '@unrolled/operators';
import { fista } from '@unrolled/solvers';
import { type GradientStage, type Optimizer, unroll } from '@unrolled/unroll';
import { decoderGradient } from '../estimators.ts';

/**
 * Alternating minimisation with FISTA, the classical baseline: codes that have converged, and a gradient step on D that holds them
 * fixed. It is a network of many layers of FISTA trained by {@link decoderGradient}, and nothing else.
 *
 * @param options.iterations of FISTA; enough for its codes to have converged
 * @returns the network, which owns its variables, and the stage that trains it
 * @example
 * const { network, stage } = await alternatingMinimisation({ operator, prior: l1(0.2), iterations: 300, optimizer: adam({ rate: 1e-3 }) });
 * for await (const event of train(network, examples, { stages: [stage], epochs: 20 })) …
 */
export async function alternatingMinimisation(options: {
  readonly operator: Operator;
  readonly prior: Prior;
  readonly iterations: number;
  readonly optimizer: Optimizer;
}): Promise<{ readonly network: Network; readonly stage: GradientStage }> {
  requireKnownOptions('alternatingMinimisation', options, ['operator', 'prior', 'iterations', 'optimizer']);
  const { operator, prior, iterations, optimizer } = options;
  const train = Object.keys(operator.parameters).map((name) => `operator.${name}`);
  const network = await unroll<string, string, Problem>(fista({ operator, prior, likelihood: gaussian() }), {
    layers: iterations,
    train,
    constraints: Object.fromEntries(train.map((name) => [name, unitSphere])),
  });
  return { network, stage: { name: 'atoms', train, loss: decoderGradient(), optimizer } };
}
