import {
  type Random,
  random,
  requireInteger,
  requireKnownOptions,
  requirePositive,
} from '@unrolled/contracts';
import { type Recording, requireRate } from '@unrolled/data';
import { conditioned } from './front/front-end.ts';
import { learnFrontEnd } from './front/learn-front-end.ts';
import { trainingPieces } from './front/training-pieces.ts';
import { detectPeaks, type Peak } from './initial/detect.ts';
import { kMeans } from './initial/k-means.ts';
import { principalComponents } from './initial/principal-components.ts';
import { snippet } from './initial/snippets.ts';

/** Options of `detectAndCluster`. */
export interface BaselineOptions {
  /** How many clusters. */
  readonly units: number;
  /** Deviations of the noise that a spike exceeds. Default 4. */
  readonly threshold?: number;
  /** Length of a snippet, seconds. Default 0.003. */
  readonly duration?: number;
  /** Hz; default the recording's own. */
  readonly rate?: number | undefined;
  /** Principal components that are clustered. Default 10. */
  readonly components?: number;
  /** Default 0. */
  readonly seed?: number;
}

/** Spikes of the baseline, ascending in time. */
export interface BaselineSpikes {
  /** Samples: where the deflection is largest. */
  readonly times: Int32Array;
  readonly units: Int32Array;
}

/**
 * The classical sorter that CRsAE is compared with: what exceeds a threshold is a spike, and k-means on the principal components of
 * the waveforms says whose. Sees the recording through the same front end as `learnTemplates`; spikes that overlap are one.
 *
 * Holds the whole recording in memory.
 *
 * @see M. S. Lewicki, "A review of methods for spike sorting", Network 9 (1998)
 */
export async function detectAndCluster(
  recording: Recording,
  options: BaselineOptions,
): Promise<BaselineSpikes> {
  requireKnownOptions('options', options, ['units', 'threshold', 'duration', 'rate', 'components', 'seed']);
  const { threshold = 4, duration = 0.003, components = 10, seed = 0 } = options;
  const units = requireInteger('options.units', options.units);
  requirePositive('options.threshold', threshold);
  requireInteger('options.components', components);
  const rate = requireRate({ name: recording.name, rate: options.rate ?? recording.rate });
  const length = Math.round(requirePositive('options.duration', duration) * rate);
  const before = Math.round(length / 3);

  const generator = random(seed);
  const pieces = trainingPieces(recording, length, generator.split('pieces'));
  const frontEnd = await learnFrontEnd(recording, pieces, { duration, rate });
  const channels = frontEnd.usedChannels.length;
  if (channels === 0) return { times: new Int32Array(0), units: new Int32Array(0) };
  const signal = await conditioned(recording, frontEnd).whitened(0, recording.samples);
  const peaks: Peak[] = detectPeaks(signal, channels, { threshold, apart: before });
  const points = principalComponents(
    peaks.map((peak) => snippet(signal, channels, peak, length, before)),
    components,
  );
  return {
    times: Int32Array.from(peaks, ({ time }) => time),
    units: bestOfStarts(points, units, generator.split('clusters')),
  };
}

/** k-means finds a local optimum: the tightest of so many. */
const STARTS = 10;

function bestOfStarts(points: readonly Float64Array[], clusters: number, random: Random): Int32Array {
  const tries = Array.from({ length: STARTS }, (_, start) => {
    const labels = kMeans(points, clusters, random.split(start));
    return { labels, spread: spreadOf(points, labels, clusters) };
  });
  return tries.reduce((best, next) => (next.spread < best.spread ? next : best)).labels;
}

/** Sum of the squared distances of points from the mean of their cluster. */
function spreadOf(points: readonly Float64Array[], labels: Int32Array, clusters: number): number {
  const size = points[0]?.length ?? 0;
  const sums = Array.from({ length: clusters }, () => new Float64Array(size));
  const counts = new Array<number>(clusters).fill(0);
  let total = 0;
  points.forEach((point, index) => {
    const cluster = labels[index]!;
    counts[cluster]!++;
    point.forEach((value, axis) => {
      sums[cluster]![axis]! += value;
      total += value * value;
    });
  });
  // Σ ‖x − mean‖² = Σ ‖x‖² − Σ_clusters ‖sum‖² / count.
  return sums.reduce(
    (rest, sum, cluster) =>
      counts[cluster] === 0
        ? rest
        : rest - sum.reduce((square, value) => square + value * value, 0) / counts[cluster]!,
    total,
  );
}
