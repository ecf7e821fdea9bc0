import type { Random } from '@unrolled/contracts';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/**
 * The classical baseline on one electrode: crossings of a threshold by either sign, aligned at their largest deflection, principal
 * components, k-means (best of ten starts).
 *
 * @returns the times of the deflections and the cluster of each
 */
export function clusterDetections(
  trace: Float32Array,
  options: {
    readonly threshold: number;
    readonly length: number;
    readonly clusters: number;
    readonly components: number;
    readonly random: Random;
  },
): { times: number[]; units: number[] } {
  const { threshold, length, clusters, components, random } = options;
  const before = Math.floor(length / 3);
  const times = peaksOf(trace, threshold, length, before);
  if (times.length <= clusters) return { times, units: times.map(() => 0) };
  const snippets = new Matrix(
    times.map((time) => Array.from(trace.subarray(time - before, time - before + length))),
  );
  const centred = snippets.clone().subRowVector(snippets.mean('column'));
  const covariance = centred.transpose().mmul(centred).div(times.length);
  const { eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  // Eigenvalues come in ascending order: the last columns are the principal components.
  const principal = eigenvectorMatrix.subMatrix(0, length - 1, length - components, length - 1);
  const scores = centred.mmul(principal).to2DArray();
  const tries = Array.from({ length: 10 }, (_, start) => kMeans(scores, clusters, random.split(start)));
  return { times, units: tries.reduce((best, next) => (next.spread < best.spread ? next : best)).labels };
}

/** Local extrema above the threshold, the largest first, none closer to another than two thirds of a template. */
function peaksOf(trace: Float32Array, threshold: number, length: number, before: number): number[] {
  const apart = Math.floor((2 * length) / 3);
  const candidates: number[] = [];
  for (let time = before; time < trace.length - length + before; time++) {
    const size = Math.abs(trace[time]!);
    if (size > threshold && size >= Math.abs(trace[time - 1]!) && size > Math.abs(trace[time + 1]!))
      candidates.push(time);
  }
  const taken = new Uint8Array(trace.length);
  return candidates
    .sort((a, b) => Math.abs(trace[b]!) - Math.abs(trace[a]!))
    .filter((time) => {
      if (taken[time]) return false;
      taken.fill(1, Math.max(0, time - apart), time + apart + 1);
      return true;
    })
    .sort((a, b) => a - b);
}

function kMeans(
  points: readonly (readonly number[])[],
  clusters: number,
  random: Random,
): { labels: number[]; spread: number } {
  const order = random.permutation(points.length);
  let centres = Array.from({ length: clusters }, (_, index) => [...points[order[index]!]!]);
  let labels: number[] = [];
  let spread = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 100; turn++) {
    let sum = 0;
    labels = points.map((point) => {
      const distances = centres.map((centre) =>
        point.reduce((total, value, axis) => total + (value - centre[axis]!) ** 2, 0),
      );
      const least = Math.min(...distances);
      sum += least;
      return distances.indexOf(least);
    });
    if (!(sum < spread)) break;
    spread = sum;
    centres = centres.map((centre, cluster) => {
      const own = points.filter((_, index) => labels[index] === cluster);
      return own.length === 0
        ? centre
        : centre.map((_, axis) => own.reduce((total, point) => total + point[axis]!, 0) / own.length);
    });
  }
  return { labels, spread };
}
