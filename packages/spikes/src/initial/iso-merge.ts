import { inverse, Matrix } from 'ml-matrix';
import { isocut } from './isocut.ts';
import { squaredDistance } from './k-means.ts';

interface Cluster {
  readonly members: readonly number[];
  readonly centre: Float64Array;
}

/** When clusters are one. */
export interface IsoMergeOptions {
  /** Two clusters whose points have a dip below this on the line that tells them apart are one. Default 1.5. */
  readonly dip?: number;
  /** Clusters of fewer points say nothing about modes and are left out (label −1). Default 8. */
  readonly least?: number;
  /**
   * Clusters whose centres differ by less than this part of the larger one's energy are one, valley or not: a large spike is so far
   * above the noise that breathing and fatigue show as valleys. Default 0.05.
   */
  readonly sameShape?: number;
}

/**
 * Merges clusters that have no valley between them.
 *
 * The nearest pair is compared first: the points of both are projected on the line that tells them apart best (Fisher's
 * discriminant), and where the projections have one mode, by `isocut`, the two become one. No scale and no number of
 * clusters has to be given: a neuron whose spikes vary is one cluster, however far they reach. After J. Magland & A. Barnett,
 * "Unimodal clustering using isotonic regression: ISO-SPLIT", arXiv:1508.04841 (2015), without its re-division of points.
 *
 * @param points features, one a point
 * @param labels one a point, −1 for none: deliberately too many
 * @returns labels 0, 1, …, the largest cluster first; −1 for points of none
 */
export function isoMerge(
  points: readonly Float64Array[],
  labels: Int32Array,
  { dip: oneMode = 1.5, least = 8, sameShape = 0.05 }: IsoMergeOptions = {},
): Int32Array {
  const clusters = new Map<number, Cluster>();
  for (const [label, members] of groups(labels)) {
    if (members.length >= least) clusters.set(label, { members, centre: centreOf(points, members) });
  }
  let next = labels.reduce((most, label) => Math.max(most, label), 0) + 1;
  const apart = new Set<string>();
  const join = (first: number, second: number, members: readonly number[]) => {
    clusters.delete(first);
    clusters.delete(second);
    clusters.set(next++, { members, centre: centreOf(points, members) });
  };
  for (;;) {
    const pair = nearestPair(clusters, apart);
    if (pair === undefined) break;
    const [first, second] = pair;
    const a = clusters.get(first)!;
    const b = clusters.get(second)!;
    const members = [...a.members, ...b.members];
    const size = Math.max(squaredNorm(a.centre), squaredNorm(b.centre));
    if (squaredDistance(a.centre, b.centre) < sameShape * size) {
      join(first, second, members);
      continue;
    }
    const line = discriminant(points, a, b);
    const { dip } = isocut(
      members.map((member) => points[member]!.reduce((sum, x, i) => sum + x * line[i]!, 0)),
    );
    if (dip < oneMode) join(first, second, members);
    else apart.add(`${first} ${second}`);
  }
  const merged = new Int32Array(labels.length).fill(-1);
  [...clusters.values()]
    .sort((a, b) => b.members.length - a.members.length)
    .forEach(({ members }, label) => {
      for (const member of members) merged[member] = label;
    });
  return merged;
}

/** Points by label, those of label −1 left out. */
export function groups(labels: Int32Array): Map<number, number[]> {
  const members = new Map<number, number[]>();
  labels.forEach((label, index) => {
    if (label < 0) return;
    const list = members.get(label);
    if (list === undefined) members.set(label, [index]);
    else list.push(index);
  });
  return members;
}

function nearestPair(clusters: Map<number, Cluster>, apart: Set<string>): [number, number] | undefined {
  let best: [number, number] | undefined;
  let least = Number.POSITIVE_INFINITY;
  const entries = [...clusters];
  for (let i = 0; i < entries.length; i++) {
    for (let j = i + 1; j < entries.length; j++) {
      const [first, a] = entries[i]!;
      const [second, b] = entries[j]!;
      const distance = squaredDistance(a.centre, b.centre);
      if (distance < least && !apart.has(`${first} ${second}`)) {
        least = distance;
        best = [first, second];
      }
    }
  }
  return best;
}

function squaredNorm(a: Float64Array): number {
  return a.reduce((sum, value) => sum + value * value, 0);
}

function centreOf(points: readonly Float64Array[], members: readonly number[]): Float64Array {
  const sum = new Float64Array(points[members[0]!]!.length);
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
  // A twentieth of the mean variance on the diagonal: a few points must not give a direction without spread.
  const ridge = (0.05 * pooled.trace()) / size + 1e-9;
  for (let i = 0; i < size; i++) pooled.set(i, i, pooled.get(i, i) + ridge);
  const difference = Matrix.columnVector(Array.from(a.centre, (value, i) => b.centre[i]! - value));
  return inverse(pooled).mmul(difference).to1DArray();
}
