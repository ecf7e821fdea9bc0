import {
  refuse,
  requireAllFinite,
  requireInteger,
  requireKnownOptions,
  requireNonNegative,
  requireShape,
} from '@unrolled/contracts';
import type { HostExamples } from '@unrolled/unroll';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** A dictionary seen as made of the examples that it was learned from. All numbers in float64 on the host. */
export interface Representer {
  readonly examples: number;
  readonly atoms: number;
  /** D = X G Zᵀ `[features, atoms]`: the ridge solution for these codes. */
  dictionary(): Float64Array;
  /** G w_j: how much every example is in atom j, d_j = Σ_i x_i (G w_j)_i. */
  atomWeights(atom: number): Float64Array;
  /** β = G Zᵀ z: how much every example is in the reconstruction of a code, D z = Σ_i x_i β_i. */
  reconstructionWeights(code: ArrayLike<number>): Float64Array;
  /** X β, the reconstruction as the interpolation of examples that it is. */
  reconstruct(code: ArrayLike<number>): Float64Array;
  /** The examples whose codes are most like this one, by the cosine of their angle, the most alike first. */
  mostAlike(code: ArrayLike<number>, count: number): readonly Neighbour[];
}

/** An example, and how much its code is like another. */
export interface Neighbour {
  readonly example: number;
  readonly cosine: number;
}

/**
 * What a dictionary is made of. Where training has made Σ_i ½‖x_i − D z_i‖² + (ρ/2)‖D‖² stationary in D, with the examples X = [x_i] and
 * their codes Z = [z_i] as columns and G = (Zᵀ Z + ρ I)⁻¹,
 *
 *     D = X Zᵀ (Z Zᵀ + ρ I)⁻¹ = X G Zᵀ
 *
 * so that atoms are weighted sums of training examples, and every reconstruction interpolates between them with weights that follow
 * from the likeness of codes. For g_dec and g_ae-lasso with that ridge it is exact at the end of training; elsewhere it says what the
 * best dictionary for these codes would be.
 *
 * The smaller of the two systems is factored once: examples by examples, or atoms by atoms.
 *
 * @param codes `[examples, atoms]`
 * @param examples `[examples, …]`, as many
 * @param options.ridge ρ ≥ 0; default 1e-7, as of the authors. At 0 every atom has to be used
 * @throws INVALID_SHAPE, NOT_FINITE; INVALID_ARGUMENT for a negative ridge, or one that is too small for codes as dependent as these
 * @example
 * const { atomWeights, reconstructionWeights } = representer(codes, digits);
 * const contributions = atomWeights(3); // one number a training digit
 * @see Tolooshams & Ba (2022), section 6
 */
export function representer(
  codes: HostExamples,
  examples: HostExamples,
  options: { readonly ridge?: number } = {},
): Representer {
  requireKnownOptions('representer', options, ['ridge']);
  const ridge = requireNonNegative('ridge', options.ridge ?? 1e-7);
  const z = matrixOf('codes', codes);
  const x = matrixOf('examples', examples);
  requireShape('examples', [x.rows], [z.rows], 'as many examples as codes');
  const [n, p] = [z.rows, z.columns];
  // Zᵀ(Z Zᵀ + ρ I)⁻¹ = (Zᵀ Z + ρ I)⁻¹ Zᵀ: the same weights, by whichever system is smaller.
  const byExamples = n <= p;
  const gram = byExamples ? z.mmul(z.transpose()) : z.transpose().mmul(z);
  for (let i = 0; i < gram.rows; i++) gram.set(i, i, gram.get(i, i) + ridge);
  const factor = new CholeskyDecomposition(gram);
  if (!factor.isPositiveDefinite())
    refuse('ridge', ridge, 'a larger one: with these codes the system is singular to working precision');
  const weights = (code: Matrix): Float64Array =>
    Float64Array.from((byExamples ? factor.solve(z.mmul(code)) : z.mmul(factor.solve(code))).to1DArray());
  const column = (code: ArrayLike<number>): Matrix => {
    requireShape('code', [code?.length ?? 0], [p], 'a code, one number an atom');
    requireAllFinite('code', code);
    return Matrix.columnVector(Array.from(code));
  };
  const unit = (atom: number): Matrix => {
    if (requireInteger('atom', atom, 0) >= p) refuse('atom', atom, `less than ${p}`);
    return Matrix.columnVector(Array.from({ length: p }, (_, index) => (index === atom ? 1 : 0)));
  };
  const columns = x.transpose();
  const combine = (beta: Float64Array): Float64Array =>
    Float64Array.from(columns.mmul(Matrix.columnVector(Array.from(beta))).to1DArray());
  const lengths = z.to2DArray().map((row) => Math.hypot(...row));
  return Object.freeze<Representer>({
    examples: n,
    atoms: p,
    dictionary: () => {
      const atoms = byExamples
        ? columns.mmul(factor.solve(z))
        : factor.solve(z.transpose().mmul(x)).transpose();
      return Float64Array.from(atoms.to1DArray());
    },
    atomWeights: (atom) => weights(unit(atom)),
    reconstructionWeights: (code) => weights(column(code)),
    reconstruct: (code) => combine(weights(column(code))),
    mostAlike: (code, count) => {
      const wanted = column(code);
      const length = wanted.norm();
      const products = z.mmul(wanted).to1DArray();
      // A zero code is like nothing.
      const cosines = products.map((value, example) => value / (length * lengths[example]! || 1));
      return [...cosines.keys()]
        .sort((a, b) => cosines[b]! - cosines[a]! || a - b)
        .slice(0, requireInteger('count', count))
        .map((example) => ({ example, cosine: cosines[example]! }));
    },
  });
}

/** `[rows, …]` as a matrix with a row an example. */
function matrixOf(name: string, { data, shape }: HostExamples): Matrix {
  const [rows = 0, ...inner] = shape ?? [];
  const columns = inner.reduce((size, length) => size * length, 1);
  if (inner.length === 0 || rows === 0 || columns === 0)
    refuse(name, shape, '[examples, …], at least one', 'INVALID_SHAPE');
  requireShape(`${name}.data`, [data.length], [rows * columns], 'numbers for its shape');
  requireAllFinite(name, data);
  return Matrix.from1DArray(rows, columns, Array.from(data));
}
