import type { Random } from '@unrolled/contracts';
import { inverse, Matrix } from 'ml-matrix';
import { isocut } from './isocut.ts';
import { kMeans, squaredDistance } from './k-means.ts';

/** Below this dip two clusters are one. */
const ONE_MODE = Number(process.env['DIP'] ?? 1.5);

interface Cluster {
  members: number[];
  centre: Float64Array;
}

/**
 * Clusters of one mode each, their number found from the data.
 *
 * Starts with many small k-means clusters and compares the nearest pair again and again: the points of both are projected
 * on the line that tells them apart best (Fisher's discriminant), and if the projections have one mode the two are
 * merged, else their points are divided anew at the valley. No scale, density or number of clusters has to be given.
 * J. Magland & A. Barnett, arXiv:1508.04841 (2015).
 *
 * @returns one label a point
 */
export function isoSplit(points: readonly Float64Array[], random: Random, start = 40): Int32Array {
  const labels = kMeans(points, Math.max(1, Math.min(start, Math.floor(points.length / 10))), random);
  const clusters = new Map<number, Cluster>();
  labels.forEach((label, index) => {
    const cluster = clusters.get(label) ?? { members: [], centre: points[index]! };
    cluster.members.push(index);
    clusters.set(label, cluster);
  });
  for (const cluster of clusters.values()) cluster.centre = centreOf(points, cluster.members);

  const settled = new Set<string>();
  let next = labels.reduce((most, label) => Math.max(most, label), 0) + 1;
  for (;;) {
    const pair = nearestPair(clusters, settled);
    if (pair === undefined) break;
    const [first, second] = pair;
    const a = clusters.get(first)!;
    const b = clusters.get(second)!;
    const members = [...a.members, ...b.members];
    const line = discriminant(points, a, b);
    const heights = members.map((member) =>
      points[member]!.reduce((sum, value, i) => sum + value * line[i]!, 0),
    );
    const { dip, cut } = isocut(heights);
    if (dip < ONE_MODE) {
      clusters.delete(first);
      clusters.delete(second);
      clusters.set(next++, { members, centre: centreOf(points, members) });
      continue;
    }
    settled.add(`${first} ${second}`);
    const low = members.filter((_, i) => heights[i]! <= cut);
    const high = members.filter((_, i) => heights[i]! > cut);
    const moved = Math.min(different(low, a.members), different(high, a.members));
    if (low.length > 0 && high.length > 0 && moved > 0.02 * members.length && next < 4 * start) {
      clusters.delete(first);
      clusters.delete(second);
      const lower = next++;
      const upper = next++;
      clusters.set(lower, { members: low, centre: centreOf(points, low) });
      clusters.set(upper, { members: high, centre: centreOf(points, high) });
      settled.add(`${lower} ${upper}`);
    }
  }
  [...clusters.values()]
    .sort((a, b) => b.members.length - a.members.length)
    .forEach(({ members }, label) => {
      for (const member of members) labels[member] = label;
    });
  return labels;
}

function different(a: readonly number[], b: readonly number[]): number {
  const inB = new Set(b);
  return (
    a.filter((member) => !inB.has(member)).length + b.length - a.filter((member) => inB.has(member)).length
  );
}

function nearestPair(clusters: Map<number, Cluster>, settled: Set<string>): [number, number] | undefined {
  let best: [number, number] | undefined;
  let least = Number.POSITIVE_INFINITY;
  const ids = [...clusters.keys()];
  for (let i = 0; i < ids.length; i++) {
    for (let j = i + 1; j < ids.length; j++) {
      if (settled.has(`${ids[i]} ${ids[j]}`)) continue;
      const distance = squaredDistance(clusters.get(ids[i]!)!.centre, clusters.get(ids[j]!)!.centre);
      if (distance < least) {
        least = distance;
        best = [ids[i]!, ids[j]!];
      }
    }
  }
  return best;
}

function centreOf(points: readonly Float64Array[], members: readonly number[]): Float64Array {
  const sum = new Float64Array(points[0]!.length);
  for (const member of members) for (let i = 0; i < sum.length; i++) sum[i]! += points[member]![i]!;
  return sum.map((value) => value / members.length);
}

/** Fisher's direction: the difference of the centres through the inverse of the pooled covariance, slightly ridged. */
function discriminant(points: readonly Float64Array[], a: Cluster, b: Cluster): number[] {
  const size = a.centre.length;
  const pooled = Matrix.zeros(size, size);
  for (const { members, centre } of [a, b]) {
    for (const member of members) {
      for (let row = 0; row < size; row++) {
        const height = points[member]![row]! - centre[row]!;
        for (let column = 0; column < size; column++) {
          pooled.set(
            row,
            column,
            pooled.get(row, column) + height * (points[member]![column]! - centre[column]!),
          );
        }
      }
    }
  }
  pooled.div(Math.max(1, a.members.length + b.members.length - 2));
  const ridge = (0.05 * pooled.trace()) / size + 1e-9;
  for (let i = 0; i < size; i++) pooled.set(i, i, pooled.get(i, i) + ridge);
  const difference = Matrix.columnVector(Array.from(a.centre, (value, i) => b.centre[i]! - value));
  return inverse(pooled).mmul(difference).to1DArray();
}
