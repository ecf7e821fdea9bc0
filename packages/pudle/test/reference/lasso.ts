/** What PUDLE's limits are made of, in float64 on the host; matrices row-major. */
export interface Lasso {
  /** D `[features, atoms]` */
  readonly matrix: Float64Array;
  readonly features: number;
  readonly atoms: number;
  readonly weight: number;
}

/** The solution of ½‖y − D z‖² + weight ‖z‖₁ by cyclic coordinate descent, to 1e-13. */
export function solveLasso({ matrix, features, atoms, weight }: Lasso, y: Float64Array): Float64Array {
  const z = new Float64Array(atoms);
  const residual = y.slice();
  const column = (j: number) => Float64Array.from({ length: features }, (_, i) => matrix[i * atoms + j]!);
  const columns = Array.from({ length: atoms }, (_, j) => column(j));
  const squares = columns.map((d) => d.reduce((sum, value) => sum + value * value, 0));
  for (let sweep = 0; sweep < 100_000; sweep++) {
    let change = 0;
    for (const [j, d] of columns.entries()) {
      const v = z[j]! * squares[j]! + d.reduce((sum, value, i) => sum + value * residual[i]!, 0);
      const next = (Math.sign(v) * Math.max(0, Math.abs(v) - weight)) / squares[j]!;
      const step = next - z[j]!;
      if (step === 0) continue;
      for (let i = 0; i < features; i++) residual[i]! -= step * d[i]!;
      z[j] = next;
      change = Math.max(change, Math.abs(step));
    }
    if (change < 1e-14) return z;
  }
  throw new Error('the lasso did not converge');
}

/**
 * −r ẑᵀ, and (4.1) in both forms, −r_LS ẑᵀ − weight · r (G_S s)ᵀ and −r ẑᵀ + weight · (D_S G_S s) ẑᵀ − weight · r (G_S s)ᵀ: `[features, atoms]`
 * each, means over the signals `[examples][features]`.
 */
export function limits(
  lasso: Lasso,
  signals: readonly Float64Array[],
): {
  readonly lasso: Float64Array;
  readonly leastSquares: Float64Array;
  readonly otherForm: Float64Array;
  readonly codes: Float64Array[];
} {
  const { matrix, features, atoms, weight } = lasso;
  const ghat = new Float64Array(features * atoms);
  const debiased = new Float64Array(features * atoms);
  const otherForm = new Float64Array(features * atoms);
  const codes = signals.map((y) => solveLasso(lasso, y));
  for (const [example, y] of signals.entries()) {
    const z = codes[example]!;
    const support = [...z.keys()].filter((j) => z[j] !== 0);
    const d = (i: number, j: number) => matrix[i * atoms + j]!;
    const gram = support.map((a) => support.map((b) => y.reduce((sum, _, i) => sum + d(i, a) * d(i, b), 0)));
    const r = y.map((value, i) => value - support.reduce((sum, j) => sum + d(i, j) * z[j]!, 0));
    const leastSquares = eliminate(
      gram,
      support.map((j) => y.reduce((sum, value, i) => sum + d(i, j) * value, 0)),
    );
    const pulled = eliminate(
      gram,
      support.map((j) => Math.sign(z[j]!)),
    );
    const rLs = y.map(
      (value, i) => value - support.reduce((sum, j, k) => sum + d(i, j) * leastSquares[k]!, 0),
    );
    for (let i = 0; i < features; i++) {
      const bias = weight * support.reduce((sum, j, k) => sum + d(i, j) * pulled[k]!, 0);
      for (const [k, j] of support.entries()) {
        ghat[i * atoms + j]! -= (r[i]! * z[j]!) / signals.length;
        debiased[i * atoms + j]! -= (rLs[i]! * z[j]! + weight * r[i]! * pulled[k]!) / signals.length;
        otherForm[i * atoms + j]! -= ((r[i]! - bias) * z[j]! + weight * r[i]! * pulled[k]!) / signals.length;
      }
    }
  }
  return { lasso: ghat, leastSquares: debiased, otherForm, codes };
}

/** A small symmetric positive definite system. */
function eliminate(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let pivot = 0; pivot < rows.length; pivot++)
    for (let i = 0; i < rows.length; i++) {
      if (i === pivot) continue;
      const factor = rows[i]![pivot]! / rows[pivot]![pivot]!;
      rows[i] = rows[i]!.map((value, j) => value - factor * rows[pivot]![j]!);
    }
  return rows.map((row, i) => row.at(-1)! / row[i]!);
}
