import { refuse, requireInteger, requireKnownOptions, requirePositive } from '@unrolled/contracts';
import { type Momentum, nesterovMomentum } from '../momentum.ts';
import { readCodeSpace } from './code-space.ts';
import { hostEncoder } from './host/encoder.ts';
import { solverOf } from './solver-of.ts';
import type { SparseProblem, SparseSolver } from './sparse-solver.ts';
import { wasmEncoder } from './wasm/encoder.ts';
import { haloPass } from './windows.ts';

/** Options of {@link codeSpaceFista}. */
export interface CodeSpaceFistaOptions {
  /** T, the layers of the network that this is. */
  readonly iterations: number;
  /** The step α > 0. Default 1/‖A‖², as of `fista`. */
  readonly step?: number;
  /** β_t on the host, t from 1. Default `nesterovMomentum`. */
  readonly momentum?: Momentum;
}

/**
 * T iterations of {@link fista} on a convolutional lasso, in code space and skipping zeros:
 *
 *     x_t = prox_{α Φ}( z_{t−1} + α (Aᵀ y − G z_{t−1}) ),   z_t = x_t + β_t (x_t − x_{t−1}),   G = Aᵀ A
 *
 * It gives what `unroll(fista(problem), { layers: T })` encodes, but for float32 rounding: the forward pass alone. The signal
 * is correlated with the filters once, and an iteration costs as much as z has entries that are not zero. Long signals are
 * worked through window by window, with halos that make the seams exact.
 *
 * @param problem as of {@link coordinateDescent}
 * @throws INVALID_ARGUMENT for another problem or a wrong option; UNKNOWN_OPTION; NOT_FINITE for filters that are not
 * @example
 * ```ts
 * const problem = { operator: conv1d(filters), prior: l1(0.1, { nonNegative: true }), likelihood: gaussian() };
 * const solver = await codeSpaceFista(problem, { iterations: 30 });
 * const { code, violation } = await solver.solve(y);
 * solver.dispose();
 * ```
 * @see Beck & Teboulle 2009, (4.1) to (4.3)
 */
export async function codeSpaceFista(
  problem: SparseProblem,
  options: CodeSpaceFistaOptions,
): Promise<SparseSolver> {
  if (typeof options !== 'object' || options === null) refuse('options', options, '{ iterations, … }');
  requireKnownOptions('codeSpaceFista', options, ['iterations', 'step', 'momentum']);
  const iterations = requireInteger('iterations', options.iterations);
  const { momentum = nesterovMomentum } = options;
  if (typeof momentum !== 'function') refuse('momentum', momentum, 'a function of t');
  const given = options.step === undefined ? undefined : requirePositive('step', options.step);
  const space = await readCodeSpace('codeSpaceFista', problem);
  // The network has its step in float32.
  const step = Math.fround(given ?? 1 / (await problem.operator.lipschitz()));
  const momenta = Float64Array.from({ length: iterations }, (_, index) => momentum(index + 1));
  const steps = { step, momenta };
  const encoder = wasmEncoder(space, steps) ?? hostEncoder(space, steps);
  // One reach more than T iterations have, for the residual of the last code.
  return solverOf(
    'codeSpaceFista',
    problem.operator,
    haloPass(encoder, (iterations + 1) * space.reach),
    encoder.dispose,
  );
}
