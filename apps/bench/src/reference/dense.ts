import type { DenseSetting } from '../data/dense-problem.ts';

/** ½‖y − A x‖² + w ‖x‖₁, summed over the batch, and the largest violation of its optimality conditions in units of w; in float64. */
export function examineDense(
  { signals, atoms, weight }: DenseSetting,
  codes: ArrayLike<number>,
): { readonly objective: number; readonly violation: number } {
  const [batch, features] = signals.shape as readonly [number, number];
  const count = atoms.shape[1]!;
  let objective = 0;
  let violation = 0;
  const pull = new Float64Array(count);
  for (let example = 0; example < batch; example++) {
    const code = example * count;
    pull.fill(0);
    for (let feature = 0; feature < features; feature++) {
      const row = feature * count;
      let residual = signals.data[example * features + feature]!;
      for (let atom = 0; atom < count; atom++) residual -= atoms.data[row + atom]! * codes[code + atom]!;
      objective += 0.5 * residual * residual;
      for (let atom = 0; atom < count; atom++) pull[atom]! += atoms.data[row + atom]! * residual;
    }
    for (let atom = 0; atom < count; atom++) {
      const value = codes[code + atom]!;
      objective += weight * Math.abs(value);
      const off =
        value === 0
          ? Math.max(0, Math.abs(pull[atom]!) - weight)
          : Math.abs(pull[atom]! - weight * Math.sign(value));
      violation = Math.max(violation, off / weight);
    }
  }
  return { objective, violation };
}
