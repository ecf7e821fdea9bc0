/** Pixels that the window of the structural similarity is long. */
export const windowLength = 11;

/** Gaussian, σ = 1.5, of sum 1. */
const window = normalised(
  Array.from({ length: windowLength }, (_, at) =>
    Math.exp(-((at - (windowLength - 1) / 2) ** 2) / (2 * 1.5 ** 2)),
  ),
);

/** Means over all places of a window that lie within the picture. */
export interface Similarity {
  /** (2 μx μy + C₁)(2 σxy + C₂) / ((μx² + μy² + C₁)(σx² + σy² + C₂)). */
  readonly ssim: number;
  /** (2 σxy + C₂) / (σx² + σy² + C₂). */
  readonly contrast: number;
}

/**
 * Compares two pictures of one channel by their means, variances and covariance under the window. Memory is that of eleven rows: of
 * each the moments x, y, x², y², xy are averaged along it, then the rows under the window.
 */
export function similarity(x: Float64Array, y: Float64Array, width: number, range: number): Similarity {
  const [c1, c2] = [(0.01 * range) ** 2, (0.03 * range) ** 2];
  const height = x.length / width;
  const columns = width - windowLength + 1;
  const rows = Array.from({ length: windowLength }, () => new Float64Array(5 * columns));
  let [ssim, contrast] = [0, 0];
  for (let row = 0; row < height; row++) {
    averageAlong(rows[row % windowLength]!, x, y, row * width, columns);
    if (row < windowLength - 1) continue;
    for (let column = 0; column < columns; column++) {
      let [meanX, meanY, xx, yy, xy] = [0, 0, 0, 0, 0];
      for (let at = 0; at < windowLength; at++) {
        const moments = rows[(row + 1 + at) % windowLength]!;
        const weight = window[at]!;
        meanX += weight * moments[5 * column]!;
        meanY += weight * moments[5 * column + 1]!;
        xx += weight * moments[5 * column + 2]!;
        yy += weight * moments[5 * column + 3]!;
        xy += weight * moments[5 * column + 4]!;
      }
      const structure = (2 * (xy - meanX * meanY) + c2) / (xx - meanX ** 2 + yy - meanY ** 2 + c2);
      contrast += structure;
      ssim += (structure * (2 * meanX * meanY + c1)) / (meanX ** 2 + meanY ** 2 + c1);
    }
  }
  const places = (height - windowLength + 1) * columns;
  return { ssim: ssim / places, contrast: contrast / places };
}

function averageAlong(
  moments: Float64Array,
  x: Float64Array,
  y: Float64Array,
  first: number,
  columns: number,
): void {
  for (let column = 0; column < columns; column++) {
    let [meanX, meanY, xx, yy, xy] = [0, 0, 0, 0, 0];
    for (let at = 0; at < windowLength; at++) {
      const [weight, a, b] = [window[at]!, x[first + column + at]!, y[first + column + at]!];
      meanX += weight * a;
      meanY += weight * b;
      xx += weight * a * a;
      yy += weight * b * b;
      xy += weight * a * b;
    }
    const to = 5 * column;
    moments[to] = meanX;
    moments[to + 1] = meanY;
    moments[to + 2] = xx;
    moments[to + 3] = yy;
    moments[to + 4] = xy;
  }
}

function normalised(weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
