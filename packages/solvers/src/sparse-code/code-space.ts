import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type FilterBank1d,
  type Likelihood,
  type Prior,
  refuse,
  requireAllFinite,
  UnrolledError,
} from '@unrolled/contracts';
import { gramOf, reachOf } from './gram.ts';
import type { SparseProblem } from './sparse-solver.ts';

/**
 * A convolutional lasso in float64 on the host, of which the signal's correlation with the filters is all that is missing:
 *
 *     ½ ‖y − A x‖² + Φ(x) = ½ xᵀ G x − ⟨Aᵀ y, x⟩ + Φ(x) + ½ ‖y‖²,   G = Aᵀ A
 *     Φ(x) = Σ above·x⁺ + below·x⁻ + ½ ridge·x²
 */
export interface CodeSpace {
  readonly bank: FilterBank1d;
  /** `[time, channels, atoms]` */
  readonly filters: Float64Array;
  /** How many positions apart entries still interact. */
  readonly reach: number;
  /** `[atoms, 2·reach + 1, atoms]` */
  readonly gram: Float64Array;
  /** The weight of positive entries, `[atoms]`. */
  readonly above: Float64Array;
  /** The weight of negative entries, `[atoms]`; ∞ where there are none. */
  readonly below: Float64Array;
  /** `[atoms]` */
  readonly ridge: Float64Array;
}

/** The same with the ridge in the Gram, where it is one more square: what a search needs, and no iteration. */
export function withRidgeInGram(space: CodeSpace): CodeSpace {
  const { bank, reach, ridge } = space;
  const gram = space.gram.slice();
  for (let atom = 0; atom < bank.atoms; atom++)
    gram[(atom * (2 * reach + 1) + reach) * bank.atoms + atom]! += ridge[atom]!;
  return { ...space, gram, ridge: new Float64Array(bank.atoms) };
}

/**
 * Reads a problem.
 *
 * @param name of the solver, for messages
 * @throws INVALID_ARGUMENT where the operator is no convolution over time, the prior's prox no shrinkage with a weight > 0 for
 *   every atom, or the data term not ½‖y − A x‖²; NOT_FINITE
 */
export async function readCodeSpace(name: string, problem: SparseProblem): Promise<CodeSpace> {
  const { operator, prior, likelihood } = problem ?? {};
  const bank = operator?.convolution;
  if (!bank) {
    const expected = 'a convolution over time, whose Gram is as short as its filters: conv1d';
    refuse(`${name}: problem.operator`, operator?.name ?? operator, expected);
  }
  await requireSquares(name, likelihood);
  const shrinkage = await readShrinkage(name, prior, bank.atoms);
  const filters = Float64Array.from(await operator.parameters.filters.data());
  requireAllFinite(`${name}: filters`, filters);
  const gram = gramOf(filters, bank);
  const reach = reachOf(bank);
  for (let c = 0; c < bank.atoms; c++) {
    if (!(gram[(c * (2 * reach + 1) + reach) * bank.atoms + c]! > 0))
      refuse(`${name}: filters`, `a zero filter, atom ${c}`, 'filters that are not zero');
  }
  return { bank, filters, reach, gram, ...shrinkage };
}

/** What is computed here follows from Aᵀ y alone: residuals have to be y − η. */
async function requireSquares(name: string, likelihood: Likelihood): Promise<void> {
  const expected = 'the Gaussian likelihood, as the Gram stands for squares';
  if (typeof likelihood?.residual !== 'function') refuse(`${name}: problem.likelihood`, likelihood, expected);
  const probe = tf.tidy(() =>
    likelihood.residual(tf.tensor2d([[0, 1, 0, 1]]), tf.tensor2d([[-1, -1, 0.5, 3]])),
  );
  const residuals = await valuesOf(probe);
  if ([1, 2, -0.5, -2].some((expectedValue, index) => residuals[index] !== expectedValue))
    refuse(`${name}: problem.likelihood`, likelihood.family, expected);
}

/** above, below and ridge of `prox(v, 1) = (v − min(max(v, −below), above)) / (1 + ridge)`, for every atom. */
async function readShrinkage(
  name: string,
  prior: Prior,
  atoms: number,
): Promise<Pick<CodeSpace, 'above' | 'below' | 'ridge'>> {
  if (typeof prior?.shrinkage !== 'function') {
    const expected =
      'a prior that gives its prox as a shrinkage with one weight an atom, such as l1 or elasticNet';
    refuse(`${name}: problem.prior`, prior?.name ?? prior, expected);
  }
  const shrinkage = prior.shrinkage(1);
  const row = async (tensor: Tensor): Promise<Float64Array> => {
    const { shape } = tensor;
    const values = await valuesOf(tensor);
    if (values.length !== 1 && (values.length !== atoms || shape.at(-1) !== atoms)) {
      throw new UnrolledError(
        'INVALID_SHAPE',
        `${name}: problem.prior: expected one weight, or one an atom [${atoms}], got [${shape}]`,
      );
    }
    return Float64Array.from({ length: atoms }, (_, atom) => values[values.length === 1 ? 0 : atom]!);
  };
  const [above, below, slope] = await Promise.all(
    [shrinkage.above, shrinkage.below, shrinkage.slope].map(row),
  );
  for (let atom = 0; atom < atoms; atom++) {
    // The weight is what violations are measured in, and what keeps the code sparse.
    if (!(above![atom]! > 0 && Number.isFinite(above![atom]!)))
      refuse(`${name}: problem.prior`, above![atom], 'a finite weight > 0 for every atom');
    if (!(below![atom]! > 0)) refuse(`${name}: problem.prior`, below![atom], 'a weight > 0 for every atom');
    if (!(slope![atom]! > 0 && slope![atom]! <= 1))
      refuse(`${name}: problem.prior`, slope![atom], 'a shrinkage of slope in (0, 1]');
  }
  return { above: above!, below: below!, ridge: slope!.map((value) => 1 / value - 1) };
}

async function valuesOf(tensor: Tensor): Promise<ArrayLike<number>> {
  const values = await tensor.data();
  tensor.dispose();
  return values;
}
