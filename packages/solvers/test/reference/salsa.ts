import type { Lasso } from './lasso.ts';
import { pull, synthesis } from './lasso.ts';

/** (μI + DᵀD)⁻¹ q by Gaussian elimination with pivots, in float64. */
export function regularizedSolution(lasso: Lasso, mu: number, q: ArrayLike<number>): Float64Array {
  const { count, features, atoms } = lasso;
  const rows = Array.from({ length: count }, (_, i) => {
    const row = new Float64Array(count + 1);
    for (let j = 0; j < count; j++)
      for (let k = 0; k < features; k++) row[j]! += atoms[k * count + i]! * atoms[k * count + j]!;
    row[i]! += mu;
    row[count] = q[i]!;
    return row;
  });
  for (let p = 0; p < count; p++) {
    const best = rows
      .slice(p)
      .reduce((at, row, i) => (Math.abs(row[p]!) > Math.abs(rows[at]![p]!) ? p + i : at), p);
    [rows[p], rows[best]] = [rows[best]!, rows[p]!];
    for (const row of rows.slice(p + 1)) {
      const factor = row[p]! / rows[p]![p]!;
      for (let j = p; j <= count; j++) row[j]! -= factor * rows[p]![j]!;
    }
  }
  const x = new Float64Array(count);
  for (let i = count - 1; i >= 0; i--) {
    let sum = rows[i]![count]!;
    for (let j = i + 1; j < count; j++) sum -= rows[i]![j]! * x[j]!;
    x[i] = sum / rows[i]![i]!;
  }
  return x;
}

export interface SalsaIterate {
  readonly x: Float64Array;
  /** u_t, of which x_t was made. */
  readonly u: Float64Array;
  readonly d: Float64Array;
}

/** Algorithm 1 of the LSALSA paper as it stands there, with arrays and loops; `weights` are one an atom (Algorithm 2). */
export function referenceSalsa(
  lasso: Lasso,
  options: { readonly penalty: number; readonly iterations: number; readonly weights?: ArrayLike<number> },
): SalsaIterate[] {
  const { penalty: mu, iterations, weights } = options;
  const q = pull(lasso, new Float64Array(lasso.count));
  let x = q;
  let d = new Float64Array(lasso.count);
  const iterates: SalsaIterate[] = [];
  for (let t = 1; t <= iterations; t++) {
    const u = x.map((value, j) => {
      const v = value + d[j]!;
      return Math.sign(v) * Math.max(Math.abs(v) - (weights?.[j] ?? lasso.weight) / mu, 0);
    });
    x = regularizedSolution(
      lasso,
      mu,
      u.map((value, j) => q[j]! + mu * (value - d[j]!)),
    );
    d = d.map((value, j) => value + x[j]! - u[j]!);
    iterates.push({ x, u, d });
  }
  return iterates;
}

/** Dᵀ D x, in float64. */
export function gramTimes(lasso: Lasso, x: ArrayLike<number>): Float64Array {
  const eta = synthesis(lasso, x);
  const result = new Float64Array(lasso.count);
  for (let k = 0; k < lasso.features; k++)
    for (let j = 0; j < lasso.count; j++) result[j]! += lasso.atoms[k * lasso.count + j]! * eta[k]!;
  return result;
}
