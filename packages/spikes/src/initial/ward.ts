import { groups } from './iso-merge.ts';
import { squaredDistance } from './k-means.ts';

/**
 * Merges clusters until `count` are left, always the two that raise the sum of squares within clusters least (Ward 1963):
 *
 *     |a| |b| / (|a| + |b|) · ‖centre_a − centre_b‖²
 *
 * @param labels one a point, −1 for none
 * @returns labels 0 … count − 1, the largest cluster first
 */
export function wardMerge(points: readonly Float64Array[], labels: Int32Array, count: number): Int32Array {
  let clusters = [...groups(labels).values()].map((members) => {
    const centre = new Float64Array(points[0]?.length ?? 0);
    for (const member of members) {
      for (let i = 0; i < centre.length; i++) centre[i]! += points[member]![i]! / members.length;
    }
    return { members, centre };
  });
  while (clusters.length > count) {
    let pair: [number, number] = [0, 1];
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < clusters.length; i++) {
      for (let j = i + 1; j < clusters.length; j++) {
        const [a, b] = [clusters[i]!, clusters[j]!];
        const weight = (a.members.length * b.members.length) / (a.members.length + b.members.length);
        const cost = weight * squaredDistance(a.centre, b.centre);
        if (cost < least) {
          least = cost;
          pair = [i, j];
        }
      }
    }
    const [a, b] = [clusters[pair[0]]!, clusters[pair[1]]!];
    const members = [...a.members, ...b.members];
    const centre = a.centre.map(
      (value, i) => (value * a.members.length + b.centre[i]! * b.members.length) / members.length,
    );
    clusters = [...clusters.filter((_, index) => !pair.includes(index)), { members, centre }];
  }
  const merged = new Int32Array(labels.length).fill(-1);
  clusters
    .sort((a, b) => b.members.length - a.members.length)
    .forEach(({ members }, label) => {
      for (const member of members) merged[member] = label;
    });
  return merged;
}
