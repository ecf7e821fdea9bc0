/** A lasso with a dictionary `[features, atoms]`, in float64 on the host. */
export interface SolvedLasso {
  readonly matrix: Float64Array;
  readonly features: number;
  readonly atoms: number;
  readonly weight: number;
  /** α of the encoder. */
  readonly step: number;
  /** `[examples, features]` */
  readonly signals: Float64Array;
  /** Their solutions, `[examples, atoms]`. */
  readonly codes: Float64Array;
}

/** More terms than any sum here needs: what is left is below float64. */
const terms = 100_000;

/**
 * What g_ae-ls tends to when it goes back through the last B layers alone, as the layers before them grow. On the support S of ẑ with
 * signs s, with M = (I − α DᵀD)_SS and r = x − D ẑ,
 *
 *     q_B = −λ α Σ_{k < B} M^k s,   g_B = −r ẑᵀ + r q_Bᵀ − (D q_B) ẑᵀ
 *
 * and B = ∞ is the limit of the whole gradient, since α (I − M)⁻¹ = (D_Sᵀ D_S)⁻¹. The mean over the examples.
 *
 * @param last B; infinity: until the sum no longer changes
 * @returns `[features, atoms]`
 */
export function truncatedLimit(lasso: SolvedLasso, last: number): Float64Array {
  const { features, atoms, matrix, signals, codes } = lasso;
  const examples = signals.length / features;
  const gradient = new Float64Array(features * atoms);
  for (let example = 0; example < examples; example++) {
    const z = codes.subarray(example * atoms, (example + 1) * atoms);
    const support = [...z.keys()].filter((atom) => z[atom] !== 0);
    const columns = support.map((atom) =>
      Float64Array.from({ length: features }, (_, row) => matrix[row * atoms + atom]!),
    );
    const q = neumannSum(
      lasso,
      columns,
      support.map((atom) => Math.sign(z[atom]!)),
      last,
    );
    const fit = combined(
      columns,
      support.map((atom) => z[atom]!),
      features,
    );
    const pulled = combined(columns, q, features);
    for (let row = 0; row < features; row++) {
      const residual = signals[example * features + row]! - fit[row]!;
      for (const [index, atom] of support.entries())
        gradient[row * atoms + atom]! +=
          (residual * q[index]! - (residual + pulled[row]!) * z[atom]!) / examples;
    }
  }
  return gradient;
}

/** −λ α Σ_{k < last} M^k s */
function neumannSum(
  { weight, step }: SolvedLasso,
  columns: readonly Float64Array[],
  signs: readonly number[],
  last: number,
): Float64Array {
  const sum = new Float64Array(signs.length);
  let term = Float64Array.from(signs, (sign) => -weight * step * sign);
  for (let k = 0; k < Math.min(last, terms); k++) {
    for (const [index, value] of term.entries()) sum[index]! += value;
    const image = combined(columns, term, columns[0]?.length ?? 0);
    term = term.map((value, index) => value - step * inner(columns[index]!, image));
    if (Math.hypot(...term) < 1e-16) break;
  }
  return sum;
}

/** D_S v */
function combined(columns: readonly Float64Array[], v: ArrayLike<number>, features: number): Float64Array {
  const sum = new Float64Array(features);
  for (const [index, column] of columns.entries())
    for (let row = 0; row < features; row++) sum[row]! += v[index]! * column[row]!;
  return sum;
}

const inner = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, index) => sum + value * b[index]!, 0);
