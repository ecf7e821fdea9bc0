import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Projections `[points][components]` of centred points on the directions of their largest variance. */
export function principalComponents(points: readonly Float32Array[], components: number): Float64Array[] {
  const size = points[0]?.length ?? 0;
  const mean = new Float64Array(size);
  for (const point of points) for (let i = 0; i < size; i++) mean[i]! += point[i]! / points.length;
  const centred = points.map((point) => Float64Array.from(point, (value, i) => value - mean[i]!));
  const covariance = Matrix.zeros(size, size);
  // A few thousand points fix the directions; all of them are projected.
  const stride = Math.max(1, Math.floor(points.length / 3000));
  for (let p = 0; p < centred.length; p += stride) {
    const point = centred[p]!;
    for (let row = 0; row < size; row++) {
      const value = point[row]!;
      const target = covariance.getRow(row);
      for (let column = 0; column <= row; column++) target[column]! += value * point[column]!;
      covariance.setRow(row, target);
    }
  }
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) covariance.set(column, row, covariance.get(row, column));
  }
  const { eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const kept = Math.min(components, size);
  // Eigenvalues come in ascending order.
  const directions = Array.from({ length: kept }, (_, k) => eigenvectorMatrix.getColumn(size - 1 - k));
  return centred.map((point) =>
    Float64Array.from(directions, (direction) =>
      direction.reduce((sum, value, i) => sum + value * point[i]!, 0),
    ),
  );
}
