import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** A few thousand points fix the directions; all of them are projected. */
const ENOUGH = 3000;

/**
 * Projections of points on the directions in which they vary most, `[points][components]`.
 *
 * The directions are those of the covariance around the mean; the points themselves are projected as they are, so that lengths in
 * the result are still sizes of waveforms.
 */
export function principalComponents(points: readonly Float32Array[], components: number): Float64Array[] {
  const size = points[0]?.length ?? 0;
  const mean = new Float64Array(size);
  for (const point of points) for (let i = 0; i < size; i++) mean[i]! += point[i]! / points.length;
  const sums = Array.from({ length: size }, () => new Float64Array(size));
  const stride = Math.max(1, Math.floor(points.length / ENOUGH));
  const centred = new Float64Array(size);
  for (let p = 0; p < points.length; p += stride) {
    for (let i = 0; i < size; i++) centred[i] = points[p]![i]! - mean[i]!;
    for (let row = 0; row < size; row++) {
      const target = sums[row]!;
      for (let column = 0; column <= row; column++) target[column]! += centred[row]! * centred[column]!;
    }
  }
  const covariance = new Matrix(size, size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      covariance.set(row, column, sums[row]![column]!);
      covariance.set(column, row, sums[row]![column]!);
    }
  }
  const { eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  // Eigenvalues come in ascending order.
  const directions = Array.from({ length: Math.min(components, size) }, (_, k) =>
    Float64Array.from(eigenvectorMatrix.getColumn(size - 1 - k)),
  );
  return points.map((point) =>
    Float64Array.from(directions, (direction) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += direction[i]! * point[i]!;
      return sum;
    }),
  );
}
