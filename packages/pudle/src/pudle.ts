import {
  type Iteration,
  type Likelihood,
  type Network,
  type Operator,
  type Prior,
  type Problem,
  refuse,
  requireKnownOptions,
} from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { unitSphere } from '@unrolled/operators';
import { ista, type ProximalGradientNames } from '@unrolled/solvers';
import { type Constraint, nonNegative, unroll } from '@unrolled/unroll';

/** Options of {@link pudle}. */
export interface PudleOptions<A extends Operator, R extends Prior> {
  /** D, the dictionary that is learned, lent: `dense(atoms)`, `conv1d(filters)`, `conv2d(filters)` with any number of channels. */
  readonly operator: A;
  /** `l1(weight)` in the paper, two-sided or not; `hardThreshold` where the lasso's bias has to go. Lent. */
  readonly prior: R;
  /** T, the layers of the encoder. */
  readonly layers: number;
  /** α. Default 1/‖D‖², which follows the dictionary; the paper's 0.2 is above it for 50 × 100, where ISTA still converges. */
  readonly step?: number;
  /** c_t, t from 1: the prior's weight in layer t is c_t times its own. See `decayByLayer` and `shrinkingDecay`. Default 1. */
  readonly decay?: (t: number) => number;
  /** Where atoms stay: on the unit sphere (default), or free, as in the paper's experiments on images. */
  readonly atoms?: 'sphere' | 'free';
  /** The prior's tensors are trained too, and stay ≥ 0: the learned bias. Default false. */
  readonly learnPrior?: boolean;
}

/** The problem that PUDLE unrolls: min over z of ½‖x − D z‖² + Φ(z). */
export type PudleProblem<A extends Operator, R extends Prior> = Problem<A, R, Likelihood<'gaussian', never>>;

/** A network of {@link pudle}, with the iteration that it unrolls: what looks at single layers needs it. */
export interface Pudle<A extends Operator = Operator, R extends Prior = Prior>
  extends Network<ProximalGradientNames<PudleProblem<A, R>, 'tied'>, PudleProblem<A, R>> {
  readonly iteration: Iteration;
}

/**
 * The auto-encoder of PUDLE: T layers of ISTA with one dictionary D as encoder, and D as decoder,
 *
 *     z_{t+1} = prox_{α c_t Φ}( z_t − α Dᵀ(D z_t − x) ),   z_0 = 0,   x̂ = D z_T
 *
 * D is its only weight. What is studied is the gradient that it learns by: `decoderGradient`, `lassoGradient` or
 * `leastSquaresGradient`, three losses for a stage of `train`.
 *
 * @returns the network, which owns its variables: `dispose` frees them
 * @throws INVALID_ARGUMENT for a zero dictionary, a step or layers that cannot be; UNKNOWN_OPTION
 * @example
 * const network = await pudle({ operator: dense(atoms), prior: l1(0.2), layers: 50, step: 0.2 });
 * const stages = [{ name: 'atoms', train: ['operator.atoms'], loss: leastSquaresGradient(), optimizer: adam({ rate: 1e-3 }) }];
 * for await (const event of train(network, examples, { stages, epochs: 20 })) console.log(event);
 * @see Tolooshams & Ba, "Stable and interpretable unrolled dictionary learning", TMLR (2022), Algorithm 1
 */
export async function pudle<A extends Operator, R extends Prior>(
  options: PudleOptions<A, R>,
): Promise<Pudle<A, R>> {
  requireKnownOptions('pudle', options, [
    'operator',
    'prior',
    'layers',
    'step',
    'decay',
    'atoms',
    'learnPrior',
  ]);
  const { operator, prior, layers, step, decay, atoms = 'sphere', learnPrior = false } = options;
  if (typeof operator?.adjoint !== 'function')
    refuse('operator', operator, 'an operator, such as dense(atoms)');
  if (typeof prior?.prox !== 'function') refuse('prior', prior, 'a prior, such as l1(weight)');
  if (!(atoms in constraints)) refuse('atoms', atoms, Object.keys(constraints).join(' or '));
  const names = (part: string, of: object): string[] => Object.keys(of).map((name) => `${part}.${name}`);
  const dictionary = names('operator', operator.parameters);
  const bias = learnPrior ? names('prior', prior.parameters) : [];
  const problem: PudleProblem<A, R> = { operator, prior, likelihood: gaussian() };
  const iteration = ista(problem, { ...(step !== undefined && { step }), ...(decay && { decay }) });
  const network = await unroll<string, string, PudleProblem<A, R>>(iteration, {
    layers,
    train: [...dictionary, ...bias],
    constraints: {
      ...Object.fromEntries(dictionary.map((name) => [name, constraints[atoms]])),
      ...Object.fromEntries(bias.map((name) => [name, nonNegative])),
    },
  });
  network.constrain();
  await network.refresh();
  // The names of the parameters depend on the operator's and the prior's: TypeScript cannot follow them through the record above.
  return Object.freeze({ ...network, iteration }) as unknown as Pudle<A, R>;
}

const constraints: { readonly [atoms in 'sphere' | 'free']: Constraint | undefined } = {
  sphere: unitSphere,
  free: undefined,
};
