import { refuse, requireNonNegative, requireShape } from '@unrolled/contracts';
import type { HostExamples } from '@unrolled/unroll';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { requireExamples } from '../examples.ts';
import { requireCodes, type SparseCodes } from '../sparse-codes.ts';
import { addCodes, type CodeStatistics, noStatistics } from './code-statistics.ts';

/** Landmarks that are best for given codes. */
export interface BestLandmarks {
  /** Atoms `[features, atoms]`, those that no code uses as they were. */
  readonly landmarks: HostExamples;
  /** The atoms that no code uses. */
  readonly unused: Int32Array;
}

/** An atom that has no more than this of all codes together is not used: the whole of one code is 1. */
const leastMass = 1e-6;

/** What Cholesky leaves of a diagonal entry where the rows before it already say all of it: rounding. */
const leastPivot = 1e-12;

/**
 * The landmarks that make the objective smallest for given codes X `[atoms, examples]` of signals Y `[features, examples]`,
 *
 *     A = (1 + 2λ) Y Xᵀ ( X Xᵀ + 2λ diag(X 1) )⁻¹
 *
 * where the derivative of Σ_i ½‖y_i − A x_i‖² + λ Σ_j x_ij ‖y_i − a_j‖² is zero: unique where every atom is used. An atom that none
 * uses is no part of the system, and stays as it was. In float64 on the host, by Cholesky. As λ → ∞, codes choose the nearest atom
 * and this is the mean of those that chose it: k-means.
 *
 * @param examples Y as `[examples, features]`
 * @param codes of as many examples
 * @param options.weight λ
 * @param options.landmarks the atoms until now `[features, atoms]`
 * @throws INVALID_SHAPE, NOT_FINITE where the three do not fit; INVALID_ARGUMENT for λ < 0, and for λ = 0 where codes do not determine
 *   the atoms
 * @example
 * const { landmarks, unused } = bestLandmarks(points, await codesOf(network, points), { weight: 5, landmarks: first });
 * @see Tasissa, Tankala, Murphy & Ba (2023), "K-deep simplex", (4) in the landmarks
 */
export function bestLandmarks(
  examples: HostExamples,
  codes: SparseCodes,
  { weight, landmarks }: { readonly weight: number; readonly landmarks: HostExamples },
): BestLandmarks {
  const [count, features] = requireExamples('examples', examples);
  requireCodes('codes', codes);
  requireShape('codes', [codes.examples], [count], 'a code for every example');
  requireExamples('landmarks', landmarks);
  requireShape('landmarks', landmarks.shape, [features, codes.size], 'atoms [features, atoms]');
  const statistics = noStatistics(features, codes.size);
  addCodes(statistics, examples, codes);
  return solveLandmarks(statistics, requireNonNegative('weight', weight), landmarks);
}

/** The same from what was added up. */
export function solveLandmarks(
  statistics: CodeStatistics,
  weight: number,
  previous: HostExamples,
): BestLandmarks {
  const { features, atoms, masses, gram, products } = statistics;
  const everyAtom = Array.from({ length: atoms }, (_, atom) => atom);
  const used = everyAtom.filter((atom) => masses[atom]! > leastMass);
  const data = previous.data.slice();
  if (used.length > 0) {
    const system = new Matrix(used.length, used.length);
    const right = new Matrix(used.length, features);
    used.forEach((atom, row) => {
      used.forEach((other, column) => {
        system.set(row, column, gram[atom * atoms + other]!);
      });
      system.set(row, row, system.get(row, row) + 2 * weight * masses[atom]!);
      for (let feature = 0; feature < features; feature++)
        right.set(row, feature, (1 + 2 * weight) * products[atom * features + feature]!);
    });
    const factor = new CholeskyDecomposition(system);
    const pivots = factor.lowerTriangularMatrix.diagonal();
    if (pivots.some((pivot, row) => !(pivot ** 2 > leastPivot * system.get(row, row))))
      refuse('weight', weight, 'a λ > 0, as these codes do not determine the atoms');
    const solution = factor.solve(right);
    used.forEach((atom, row) => {
      for (let feature = 0; feature < features; feature++)
        data[feature * atoms + atom] = solution.get(row, feature);
    });
  }
  return {
    landmarks: { data, shape: previous.shape },
    unused: Int32Array.from(everyAtom.filter((atom) => !(masses[atom]! > leastMass))),
  };
}
