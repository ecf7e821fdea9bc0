/**
 * The limits of the gradients of tied dictionary learning at the lasso solution ẑ of one example, in closed form (PUDLE): S its
 * support, s its signs, r = y − D ẑ, G = (D_Sᵀ D_S)⁻¹. All matrices row-major `[features, atoms]`, zero outside S.
 */
export interface LassoInstance {
  readonly y: Float64Array;
  readonly matrix: Float64Array;
  readonly atoms: number;
  readonly weight: number;
  readonly step: number;
}

/** ĝ = −r ẑᵀ, the gradient with the code held constant. */
export function decoderLimit(instance: LassoInstance, code: Float64Array): Float64Array {
  const { features, residual } = at(instance, code);
  return outerProducts(features, instance.atoms, [[residual, code, -1]]);
}

/** Through the last `layers` layers, from ẑ (4.2): −r ẑᵀ + r qᵀ − (D q) ẑᵀ with q = −w α Σ_{k < layers} M^k s, M = (I − α DᵀD)_SS. */
export function truncatedLimit(instance: LassoInstance, code: Float64Array, layers: number): Float64Array {
  const { weight, step, atoms } = instance;
  const { features, residual, signs, apply, adjoint } = at(instance, code);
  let power = signs;
  const q = new Float64Array(atoms);
  for (let k = 0; k < layers; k++) {
    for (const [j, value] of power.entries()) q[j]! -= weight * step * value;
    const gram = adjoint(apply(power));
    power = power.map((value, j) => (signs[j] === 0 ? 0 : value - step * gram[j]!));
  }
  return outerProducts(features, atoms, [
    [residual, code, -1],
    [residual, q, 1],
    [apply(q), code, -1],
  ]);
}

/** Through all layers, in the limit (4.1): −r_LS ẑᵀ − w r (G s)ᵀ, r_LS = y − D_S G D_Sᵀ y the residual without the lasso's bias. */
export function fullLimit(instance: LassoInstance, code: Float64Array): Float64Array {
  const { y, weight, atoms } = instance;
  const { features, residual, signs, apply, adjoint } = at(instance, code);
  const support = [...signs.keys()].filter((j) => signs[j] !== 0);
  const gram = support.map((i) => {
    const unit = new Float64Array(atoms);
    unit[i] = 1;
    const column = adjoint(apply(unit));
    return support.map((j) => column[j]!);
  });
  const onSupport = (values: Float64Array): Float64Array => {
    const solution = solve(
      gram,
      support.map((j) => values[j]!),
    );
    const spread = new Float64Array(atoms);
    for (const [index, j] of support.entries()) spread[j] = solution[index]!;
    return spread;
  };
  const explained = apply(onSupport(adjoint(y)));
  const debiased = y.map((value, i) => value - explained[i]!);
  return outerProducts(features, atoms, [
    [debiased, code, -1],
    [residual, onSupport(signs), -weight],
  ]);
}

function at({ y, matrix, atoms }: LassoInstance, code: Float64Array) {
  const features = y.length;
  const apply = (x: Float64Array) =>
    Float64Array.from(y, (_, i) => x.reduce((sum, value, j) => sum + matrix[i * atoms + j]! * value, 0));
  const adjoint = (r: Float64Array) =>
    Float64Array.from(code, (_, j) => r.reduce((sum, value, i) => sum + matrix[i * atoms + j]! * value, 0));
  const eta = apply(code);
  return {
    features,
    apply,
    adjoint,
    residual: y.map((value, i) => value - eta[i]!),
    signs: Float64Array.from(code, Math.sign),
  };
}

/** Σ scale · a bᵀ */
function outerProducts(
  features: number,
  atoms: number,
  terms: readonly (readonly [Float64Array, Float64Array, number])[],
): Float64Array {
  const sum = new Float64Array(features * atoms);
  for (const [a, b, scale] of terms)
    for (let i = 0; i < features; i++)
      for (let j = 0; j < atoms; j++) sum[i * atoms + j]! += scale * a[i]! * b[j]!;
  return sum;
}

/** A small symmetric positive definite system, by elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const size = rows.length;
  for (let pivot = 0; pivot < size; pivot++) {
    for (let i = 0; i < size; i++) {
      if (i === pivot) continue;
      const factor = rows[i]![pivot]! / rows[pivot]![pivot]!;
      rows[i] = rows[i]!.map((value, j) => value - factor * rows[pivot]![j]!);
    }
  }
  return rows.map((row, i) => row[size]! / row[i]!);
}
