import {
  type Random,
  random,
  refuse,
  requireAllFinite,
  requireInteger,
  requireKnownOptions,
  requireShape,
} from '@unrolled/contracts';
import { squaredDistance } from '../landmarks/distances.ts';
import { drawByMass } from '../landmarks/draw.ts';

/** Points `[points, dimensions]` in float64, the dimensions fastest. */
export interface Points {
  readonly data: Float64Array;
  readonly shape: readonly [number, number];
}

/** Options of {@link kMeans}. */
export interface KMeansOptions {
  /** Starts, of which the best is taken. Default 20. */
  readonly restarts?: number;
  /** Default 0. */
  readonly seed?: number;
}

/** What {@link kMeans} finds. */
export interface KMeans {
  /** The cluster of every point, 0 … clusters − 1, none of them empty. */
  readonly labels: Int32Array;
  /** `[clusters, dimensions]` */
  readonly centres: Points;
  /** The sum of squared distances between points and their centres. */
  readonly inertia: number;
}

/** Lloyd's algorithm always comes to an end; rounding could keep it from it. */
const iterations = 300;

/**
 * k-means by Lloyd's algorithm from k-means++ seeds, the best of several starts; in float64. A cluster that becomes empty takes the point
 * that is farthest from its centre.
 *
 * @param points `[points, dimensions]`
 * @throws INVALID_ARGUMENT for more clusters than different points, of which some would be empty; INVALID_SHAPE; NOT_FINITE
 * @example
 * const points = { data: Float64Array.of(0, 0.1, 5, 5.1), shape: [4, 1] as const };
 * const { labels } = kMeans(points, 2); // 0 and 1, twice each
 * @see Arthur & Vassilvitskii 2007, "k-means++: the advantages of careful seeding"
 */
export function kMeans(points: Points, clusters: number, options: KMeansOptions = {}): KMeans {
  requireKnownOptions('kMeans', options, ['restarts', 'seed']);
  const restarts = requireInteger('restarts', options.restarts ?? 20);
  const generator = random(options.seed ?? 0);
  const { data, shape } = points;
  requireShape('points', shape, [-1, -1], 'points [points, dimensions]');
  requireShape('points.data', [data.length], [shape[0] * shape[1]], 'numbers for its shape');
  requireAllFinite('points', data);
  if (requireInteger('clusters', clusters) > shape[0])
    refuse('clusters', clusters, `at most as many clusters as points, ${shape[0]}`);
  let best: KMeans | undefined;
  for (let start = 0; start < restarts; start++) {
    const found = lloyd(points, seeds(points, clusters, generator.split(start)));
    if (!best || found.inertia < best.inertia) best = found;
  }
  return Object.freeze(best!);
}

/** The nearest of some centres to every point, and the squared distance to it. */
export function nearestCentres(
  points: Points,
  centres: Points,
): { readonly labels: Int32Array; readonly distances: Float64Array } {
  const count = points.shape[0];
  const labels = new Int32Array(count);
  const distances = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (let centre = 0; centre < centres.shape[0]; centre++) {
    const at = pointAt(centres, centre);
    for (let index = 0; index < count; index++) {
      const distance = squaredDistance(at, pointAt(points, index));
      if (distance < distances[index]!) {
        distances[index] = distance;
        labels[index] = centre;
      }
    }
  }
  return { labels, distances };
}

const pointAt = ({ data, shape }: Points, index: number): Float64Array =>
  data.subarray(index * shape[1], (index + 1) * shape[1]);

/** Points at which to begin, each drawn in proportion to its squared distance from the nearest before it. */
function seeds(points: Points, clusters: number, generator: Random): Points {
  const [count, dimensions] = points.shape;
  const centres = new Float64Array(clusters * dimensions);
  const nearest = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  let place: number | undefined = generator.integer(count);
  for (let centre = 0; centre < clusters; centre++) {
    if (place === undefined)
      return refuse('clusters', clusters, `at most as many clusters as different points, ${centre}`);
    const at = pointAt(points, place);
    centres.set(at, centre * dimensions);
    for (let index = 0; index < count; index++)
      nearest[index] = Math.min(nearest[index]!, squaredDistance(at, pointAt(points, index)));
    place = drawByMass(nearest, generator);
  }
  return { data: centres, shape: [clusters, dimensions] };
}

function lloyd(points: Points, start: Points): KMeans {
  let centres = start;
  let nearest = nearestCentres(points, centres);
  for (let iteration = 0; iteration < iterations; iteration++) {
    centres = meansOf(points, fillEmpty(nearest, centres.shape[0]), centres.shape[0]);
    const next = nearestCentres(points, centres);
    const moved = next.labels.some((label, index) => label !== nearest.labels[index]);
    nearest = next;
    if (!moved) break;
  }
  const labels = fillEmpty(nearest, centres.shape[0]);
  return { labels, centres, inertia: nearest.distances.reduce((sum, distance) => sum + distance, 0) };
}

/** Labels in which no cluster is empty: one that is takes the point farthest from its centre, of a cluster that has others. */
function fillEmpty(
  { labels, distances }: { readonly labels: Int32Array; readonly distances: Float64Array },
  clusters: number,
): Int32Array {
  const counts = new Int32Array(clusters);
  for (const label of labels) counts[label]!++;
  if (counts.every((count) => count > 0)) return labels;
  const filled = labels.slice();
  const farthest = Array.from(distances.keys()).sort((a, b) => distances[b]! - distances[a]!);
  counts.forEach((count, empty) => {
    if (count > 0) return;
    const place = farthest.find((index) => counts[filled[index]!]! > 1)!;
    counts[filled[place]!]!--;
    filled[place] = empty;
    counts[empty] = 1;
  });
  return filled;
}

function meansOf(points: Points, labels: Int32Array, clusters: number): Points {
  const dimensions = points.shape[1];
  const sums = new Float64Array(clusters * dimensions);
  const counts = new Int32Array(clusters);
  labels.forEach((label, index) => {
    counts[label]!++;
    const row = label * dimensions;
    for (let axis = 0; axis < dimensions; axis++)
      sums[row + axis]! += points.data[index * dimensions + axis]!;
  });
  return {
    data: sums.map((sum, index) => sum / counts[Math.floor(index / dimensions)]!),
    shape: [clusters, dimensions],
  };
}
