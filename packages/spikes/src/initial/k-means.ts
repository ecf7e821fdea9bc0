import type { Random } from '@unrolled/contracts';

export function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}

/** Lloyd's k-means from k-means++ seeds (Arthur & Vassilvitskii 2007): labels 0 … clusters − 1, some perhaps unused. */
export function kMeans(
  points: readonly Float64Array[],
  clusters: number,
  random: Random,
  { iterations = 30 }: { readonly iterations?: number } = {},
): Int32Array {
  const centres = seeds(points, Math.min(clusters, points.length), random);
  const labels = new Int32Array(points.length).fill(-1);
  for (let iteration = 0; iteration < iterations; iteration++) {
    let changed = 0;
    points.forEach((point, index) => {
      let best = 0;
      let least = Number.POSITIVE_INFINITY;
      centres.forEach((centre, label) => {
        const distance = squaredDistance(point, centre);
        if (distance < least) {
          least = distance;
          best = label;
        }
      });
      if (labels[index] !== best) changed++;
      labels[index] = best;
    });
    if (changed === 0) break;
    const counts = new Int32Array(centres.length);
    const sums = centres.map((centre) => new Float64Array(centre.length));
    points.forEach((point, index) => {
      const label = labels[index]!;
      counts[label]!++;
      for (let i = 0; i < point.length; i++) sums[label]![i]! += point[i]!;
    });
    centres.forEach((_, label) => {
      if (counts[label]! > 0) centres[label] = sums[label]!.map((value) => value / counts[label]!);
    });
  }
  return labels;
}

function seeds(points: readonly Float64Array[], clusters: number, random: Random): Float64Array[] {
  if (points.length === 0) return [];
  const centres = [points[random.integer(points.length)]!];
  const nearest = Float64Array.from(points, (point) => squaredDistance(point, centres[0]!));
  while (centres.length < clusters) {
    let draw = random.uniform() * nearest.reduce((sum, value) => sum + value, 0);
    let chosen = 0;
    while (chosen < points.length - 1 && (draw -= nearest[chosen]!) > 0) chosen++;
    centres.push(points[chosen]!);
    points.forEach((point, index) => {
      nearest[index] = Math.min(nearest[index]!, squaredDistance(point, points[chosen]!));
    });
  }
  return centres;
}
