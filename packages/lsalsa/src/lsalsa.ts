import * as tf from '@tensorflow/tfjs-core';
import {
  type Iteration,
  type Network,
  requireKnownOptions,
  requireOneOf,
  requirePositive,
} from '@unrolled/contracts';
import { salsa } from '@unrolled/solvers';
import { unroll } from '@unrolled/unroll';
import { type LsalsaProblem, requireAtoms, type Source, sourceProblem } from './sources.ts';

/** What LSALSA can learn: W_e and S. */
export type LsalsaPart = 'analysis' | 'splitting';

/** Options of {@link lsalsa}. */
export interface LsalsaOptions {
  /** One dictionary, or one for each of the parts that a signal is a sum of. */
  readonly sources: readonly Source[];
  /** μ > 0; the threshold of source i is α_i/μ. The paper's codes are those of 10. */
  readonly penalty: number;
  /** T ≥ 1. */
  readonly layers: number;
  /** What may be trained; default both. */
  readonly train?: readonly LsalsaPart[];
  /** What comes out: `'x'` (default), x_T as published, or `'u'`, x_T + d_T shrunk once more, which has exact zeros. */
  readonly code?: LsalsaCode;
}

/** What an encoder gives: x_T, or u_{T+1}. */
export type LsalsaCode = 'x' | 'u';

/**
 * A network of LSALSA: parameters `analysis` W_e `[atoms, features]`, `splitting` S `[atoms, atoms]`, `penalty`, and those of the
 * problem, `operator.atoms` and `prior.weight`, of several sources `operator.0.atoms`, `prior.0.weight`, ….
 */
export interface Lsalsa extends Network<string, LsalsaProblem> {
  /** What `encode` gives. */
  readonly code: LsalsaCode;
}

/**
 * Learned SALSA: T steps of SALSA as layers, whose matrices W_e and S, shared by all layers, are learned.
 *
 *     q = W_e y,   x_0 = q,   d_0 = 0
 *     u_t = soft(x_{t−1} + d_{t−1}; α/μ),   x_t = S (q + μ (u_t − d_{t−1})),   d_t = d_{t−1} + x_t − u_t
 *
 * It starts as SALSA, W_e = Aᵀ and S = (μI + AᵀA)⁻¹: until it is trained its codes are those of `salsa(problem, { penalty, code: 'x' })`
 * after T steps, bit for bit. Of several sources it separates their sum. What it returns is x_T; `sparsify` gives it exact zeros,
 * `separate` the parts. Any other prior or operator: `unroll(salsa(problem, …), { layers, train: ['analysis', 'splitting'] })`.
 *
 * @returns the network, which owns its variables: `dispose` frees them
 * @throws INVALID_ARGUMENT for an atom that is zero, or a weight, penalty or number of layers that is not > 0; INVALID_SHAPE; NOT_FINITE;
 *   UNKNOWN_OPTION
 * @example
 * const network = await lsalsa({ sources: [{ atoms: strokes, weight: 0.1 }, { atoms: textures, weight: 0.2 }], penalty: 10, layers: 5 });
 * const [strokesPart, texturesPart] = separate(network, mixtures).components;
 * @see Cowen, Saridena & Choromanska, "LSALSA: accelerated source separation via learned sparse coding", Machine Learning 108 (2019),
 *   Algorithms 3 and 4
 */
export async function lsalsa(options: LsalsaOptions): Promise<Lsalsa> {
  requireKnownOptions('lsalsa', options, ['sources', 'penalty', 'layers', 'train', 'code']);
  const { sources, penalty, layers, train = ['analysis', 'splitting'], code = 'x' } = options;
  requirePositive('penalty', penalty);
  requireOneOf('code', code, ['x', 'u']);
  for (const part of train) requireOneOf('train', part, ['analysis', 'splitting']);
  const problem = sourceProblem(sources);
  try {
    await requireAtoms(sources);
    return await unrollSalsa(problem, { penalty, layers, train, code });
  } finally {
    tf.dispose({ ...problem.prior.parameters });
  }
}

/** The network around a problem; of `parameters`, where they are given (fresh ones each time), in place of the exact ones. */
export async function unrollSalsa(
  problem: LsalsaProblem,
  options: {
    readonly penalty: number;
    readonly layers: number;
    readonly train: readonly LsalsaPart[];
    readonly code: LsalsaCode;
    readonly parameters?: Iteration['parameters'];
  },
): Promise<Lsalsa> {
  const { penalty, layers, train, code, parameters } = options;
  // Nothing is computed again after an update: what follows from A and μ is what is learned.
  const { refresh: _, ...exact } = salsa(problem, { penalty, code }) as Iteration<
    string,
    string,
    LsalsaProblem
  >;
  const iteration = parameters ? { ...exact, parameters } : exact;
  const network = await unroll(iteration, { layers, train: [...train] });
  return Object.freeze({ ...network, code });
}
