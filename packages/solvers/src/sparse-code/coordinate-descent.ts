import { requireInteger, requireKnownOptions, requirePositive } from '@unrolled/contracts';
import { readCodeSpace, withRidgeInGram } from './code-space.ts';
import { hostSearch } from './host/search.ts';
import { solverOf } from './solver-of.ts';
import type { SparseProblem, SparseSolver } from './sparse-solver.ts';
import { wasmSearch } from './wasm/search.ts';
import { seamPass } from './windows.ts';

/** Options of {@link coordinateDescent}. */
export interface CoordinateDescentOptions {
  /** How far any entry may be from the Karush–Kuhn–Tucker conditions, in parts of its weight. Default 1e-3. */
  readonly tolerance?: number;
  /** Local problems solved in one window before it is left as it is. Default: no limit. */
  readonly maxUpdates?: number;
}

/**
 * Solves a convolutional lasso, to a tolerance, by greedy coordinate descent in code space:
 *
 *     minimise over x   ½ ‖y − A x‖² + Φ(x) = ½ xᵀ G x − ⟨Aᵀ y, x⟩ + Φ(x) + constant,   G = Aᵀ A
 *
 * The Gram of a convolution is as short as its filters, so that a change of one entry touches 2K − 1 positions of the
 * correlation Aᵀ(y − A x), and nothing else. Where the worst entry of a stretch violates the Karush–Kuhn–Tucker conditions by
 * more than `tolerance` of its weight, it is made optimal together with the entries that are not zero around it. The work
 * grows with the number of these, not with that of samples: where codes are sparse it is far less than iterations over all
 * entries, and the answer is the minimum, not T steps towards it.
 *
 * Long signals are worked through window by window, and the seams searched until they too meet the tolerance.
 *
 * @param problem a convolution over time of any stride (`conv1d`); a prior whose prox is a shrinkage with a weight > 0 (`l1`,
 *   `elasticNet`, of either sign or non-negative, one weight or one an atom); the Gaussian likelihood. Its tensors are read
 *   now, and may be disposed of or changed afterwards
 * @throws INVALID_ARGUMENT for another problem or a wrong option; UNKNOWN_OPTION; NOT_FINITE for filters that are not
 * @example
 * ```ts
 * const problem = { operator: conv1d(filters), prior: l1(0.1, { nonNegative: true }), likelihood: gaussian() };
 * const solver = await coordinateDescent(problem, { tolerance: 1e-4 });
 * const { code, violation } = await solver.solve(y);
 * solver.dispose();
 * ```
 * @see Moreau, Oudre & Vayatis 2018, *DICOD: distributed convolutional coordinate descent for convolutional sparse coding*,
 *   section 2 (locally greedy selection); Kavukcuoglu et al. 2010, *Learning convolutional feature hierarchies*, algorithm 1
 */
export async function coordinateDescent(
  problem: SparseProblem,
  options: CoordinateDescentOptions = {},
): Promise<SparseSolver> {
  requireKnownOptions('coordinateDescent', options, ['tolerance', 'maxUpdates']);
  const tolerance = requirePositive('tolerance', options.tolerance ?? 1e-3);
  const maxUpdates =
    options.maxUpdates === undefined
      ? Number.POSITIVE_INFINITY
      : requireInteger('maxUpdates', options.maxUpdates);
  const space = withRidgeInGram(await readCodeSpace('coordinateDescent', problem));
  const search = wasmSearch(space, tolerance) ?? hostSearch(space, tolerance);
  return solverOf(
    'coordinateDescent',
    problem.operator,
    seamPass(search, { reach: space.reach, maxUpdates }),
    search.dispose,
  );
}
