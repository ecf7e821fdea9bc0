import { requireAllFinite, requireInteger, requireKnownOptions, UnrolledError } from '@unrolled/contracts';
import { matchSpikeTrains } from './spike-matching.ts';

/** How good detection is at one threshold. */
export interface DetectionPoint {
  readonly threshold: number;
  readonly missRate: number;
  /** A fraction of the detections. */
  readonly falseAlarmRate: number;
}

/**
 * Miss rate against false-alarm rate: found spikes of at least a threshold are matched with the true ones, for one threshold
 * after the other.
 *
 * @param truth times of the true spikes
 * @param found times of the found ones
 * @param sizes one a found spike: what the threshold is held against, such as its amplitude
 * @param options.tolerance as in `matchSpikeTrains`
 * @param options.thresholds default: `points` quantiles of the sizes, from the smallest (all spikes) to the largest
 * @param options.points default 100
 * @returns one entry a threshold, ascending
 * @example missFalseAlarmCurve([10, 20], [10, 20, 30], [5, 4, 1], { tolerance: 1, thresholds: [2] })
 * // [{ threshold: 2, missRate: 0, falseAlarmRate: 0 }]
 */
export function missFalseAlarmCurve(
  truth: ArrayLike<number>,
  found: ArrayLike<number>,
  sizes: ArrayLike<number>,
  options: {
    readonly tolerance: number;
    readonly thresholds?: ArrayLike<number>;
    readonly points?: number;
  },
): readonly DetectionPoint[] {
  requireKnownOptions('options', options, ['tolerance', 'thresholds', 'points']);
  const {
    tolerance,
    thresholds = quantiles(sizes, requireInteger('options.points', options.points ?? 100)),
  } = options;
  if (sizes.length !== found.length) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `sizes: expected one a found spike (${found.length}), got ${sizes.length}`,
    );
  }
  requireAllFinite('sizes', sizes);
  requireAllFinite('options.thresholds', thresholds);
  return Array.from(thresholds)
    .sort((a, b) => a - b)
    .map((threshold) => {
      const kept = Array.from(found).filter((_, spike) => sizes[spike]! >= threshold);
      const { missRate, falseAlarmRate } = matchSpikeTrains(truth, kept, { tolerance });
      return Object.freeze({ threshold, missRate, falseAlarmRate });
    });
}

/** Distinct quantiles, from the smallest number to the largest. */
function quantiles(values: ArrayLike<number>, points: number): number[] {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return [];
  const places = Array.from({ length: points }, (_, point) =>
    Math.round((point / Math.max(1, points - 1)) * (sorted.length - 1)),
  );
  return [...new Set(places.map((place) => sorted[place]!))];
}
