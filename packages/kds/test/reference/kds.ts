/** K-Deep Simplex in float64, as the equations say it: one signal at a time, atoms as rows. */

export type Vector = readonly number[];

export const dot = (a: Vector, b: Vector): number =>
  a.reduce((sum, value, index) => sum + value * b[index]!, 0);
export const squaredDistance = (a: Vector, b: Vector): number =>
  a.reduce((sum, value, index) => sum + (value - b[index]!) ** 2, 0);

/** Σ_j x_j a_j */
export const combination = (atoms: readonly Vector[], x: Vector): number[] =>
  atoms[0]!.map((_, feature) => atoms.reduce((sum, atom, j) => sum + x[j]! * atom[feature]!, 0));

/** The projection onto the simplex, by sorting. */
export function project(v: Vector): number[] {
  const sorted = [...v].sort((a, b) => b - a);
  let [sum, theta] = [0, 0];
  sorted.forEach((value, index) => {
    sum += value;
    const mean = (sum - 1) / (index + 1);
    if (value > mean) theta = mean;
  });
  return v.map((value) => Math.max(value - theta, 0));
}

/** ½‖y − A x‖² + λ Σ_j x_j ‖y − a_j‖² */
export function objective(atoms: readonly Vector[], weight: number, y: Vector, x: Vector): number {
  const spread = atoms.reduce((sum, atom, j) => sum + x[j]! * squaredDistance(y, atom), 0);
  return squaredDistance(y, combination(atoms, x)) / 2 + weight * spread;
}

/** x_1 … x_T of the encoder, with momentum (t − 1)/(t + 2) in step t or without. */
export function encode(
  atoms: readonly Vector[],
  y: Vector,
  options: {
    readonly weight: number;
    readonly step: number;
    readonly layers: number;
    readonly momentum: boolean;
  },
): number[][] {
  const { weight, step, layers, momentum } = options;
  let x = atoms.map(() => 0);
  let z = x;
  const codes: number[][] = [];
  for (let t = 1; t <= layers; t++) {
    const fitted = combination(atoms, z);
    const next = project(
      z.map((value, j) => {
        const residual = y.map((entry, feature) => entry - fitted[feature]!);
        return value + step * (dot(atoms[j]!, residual) - weight * squaredDistance(y, atoms[j]!));
      }),
    );
    const beta = momentum ? (t - 1) / (t + 2) : 0;
    const previous = x;
    z = next.map((value, j) => value + beta * (value - previous[j]!));
    x = next;
    codes.push(x);
  }
  return codes;
}

/** Atoms `[features, atoms]`, flat, as rows. */
export const rowsOf = (data: ArrayLike<number>, features: number, atoms: number): number[][] =>
  Array.from({ length: atoms }, (_, j) => Array.from({ length: features }, (_, i) => data[i * atoms + j]!));

/** Examples `[examples, features]`, flat, as rows. */
export const examplesOf = (data: ArrayLike<number>, features: number): number[][] =>
  Array.from({ length: data.length / features }, (_, index) =>
    Array.from({ length: features }, (_, i) => data[index * features + i]!),
  );
