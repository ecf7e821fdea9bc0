import type { Tensor } from '@tensorflow/tfjs-core';
import {
  type Likelihood,
  type Network,
  type Prior,
  type Problem,
  refuse,
  requireAllFinite,
  requireKnownOptions,
  requirePositive,
  requireRank,
  requireShape,
  type SolvableOperator,
} from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { concatenate, dense } from '@unrolled/operators';
import { blocks, l1 } from '@unrolled/prox';

/** One of the things that a signal is a sum of: a dictionary in which it is sparse. */
export interface Source {
  /** A_i `[features, atoms]`; lent. */
  readonly atoms: Tensor;
  /** α_i > 0, the weight of ‖x_i‖₁. */
  readonly weight: number;
}

/** Minimise over x_1, x_2, …: ½‖y − Σ_i A_i x_i‖² + Σ_i α_i ‖x_i‖₁. */
export type LsalsaProblem = Problem<SolvableOperator, Prior, Likelihood<'gaussian', never>>;

/**
 * The problem of morphological component analysis: a signal as a sum of sources, each sparse in its dictionary. The codes lie side by
 * side, those of the first source first. Of one source it is the lasso.
 *
 * @param sources one or more, of the same features
 * @returns the problem, around the atoms; its weights are the caller's: `tf.dispose(problem.prior.parameters)`
 * @throws INVALID_ARGUMENT for no source, or a weight that is not > 0; INVALID_SHAPE, INVALID_DTYPE for atoms
 * @see Cowen, Saridena & Choromanska 2019, (6); Starck, Elad & Donoho 2004
 */
export function sourceProblem(sources: readonly Source[]): LsalsaProblem {
  if (!Array.isArray(sources) || sources.length === 0)
    refuse('sources', sources, 'one or more { atoms, weight }');
  for (const [index, source] of sources.entries()) {
    const name = `sources[${index}]`;
    if (source === null || typeof source !== 'object') refuse(name, source, '{ atoms, weight }');
    requireKnownOptions(name, source, ['atoms', 'weight']);
    requireRank(`${name}.atoms`, source.atoms, 2, '[features, atoms]');
    const [features] = sources[0]!.atoms.shape;
    requireShape(
      `${name}.atoms`,
      source.atoms.shape,
      [features!, -1],
      'atoms with the features of the first',
    );
    requirePositive(`${name}.weight`, source.weight);
  }
  const operators = sources.map(({ atoms }) => dense(atoms));
  const priors = sources.map(({ weight }) => l1(weight));
  const alone = sources.length === 1;
  const sizes = sources.map(({ atoms }) => atoms.shape[1]!);
  return {
    operator: alone ? operators[0]! : concatenate(operators),
    prior: alone ? priors[0]! : blocks(priors.map((prior, index) => ({ prior, size: sizes[index]! }))),
    likelihood: gaussian(),
  };
}

/** Refuses atoms that cannot be coded with: one that is zero, or not finite. */
export async function requireAtoms(sources: readonly Source[]): Promise<void> {
  for (const [index, { atoms }] of sources.entries()) {
    const values = await atoms.data();
    requireAllFinite(`sources[${index}].atoms`, values);
    const count = atoms.shape[1]!;
    const sizes = new Float64Array(count);
    values.forEach((value, at) => {
      sizes[at % count]! += value * value;
    });
    const zero = sizes.indexOf(0);
    if (zero >= 0) refuse(`sources[${index}].atoms`, `zero for atom ${zero}`, 'atoms that are not zero');
  }
}

/** The atoms of every source of a network, in order. Lent. */
export function atomsOf(network: Network): readonly Tensor[] {
  const { parameters } = network.problem().operator;
  if (parameters['atoms']) return [parameters['atoms']];
  return Object.keys(parameters).map((_, index) => parameters[`${index}.atoms`]!);
}
