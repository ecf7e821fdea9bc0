import { requireAllFinite, requireKnownOptions, requireNonNegative } from '@unrolled/contracts';

/** Which found spikes are true ones. */
export interface SpikeMatch {
  /** `[hits]`: indices into the true spikes, in order of time. */
  readonly trueIndices: Int32Array;
  /** `[hits]`: the found spike that each of them is matched with. */
  readonly foundIndices: Int32Array;
  readonly hits: number;
  /** True spikes that were not found. */
  readonly misses: number;
  /** Found spikes that are not true. */
  readonly falseAlarms: number;
  /** hits / true spikes; 1 where there are none. */
  readonly hitRate: number;
  /** misses / true spikes; 0 where there are none. */
  readonly missRate: number;
  /** falseAlarms / found spikes, a fraction of the detections; 0 where there are none. */
  readonly falseAlarmRate: number;
}

/**
 * Matches found spikes with true ones, one to one: a pair may be at most `tolerance` apart, on either side, and no spike
 * serves twice. There is no matching with more pairs.
 *
 * Going through both trains in order of time, the earliest true spike and the earliest found one that are near enough become
 * a pair, and otherwise the earlier of the two is dropped: that is optimal for intervals of equal length (an exchange of
 * partners turns any other matching into this one without losing a pair), and takes a single pass.
 *
 * @param truth times in any order, in any unit
 * @param found times in the same unit
 * @param options.tolerance how far apart a pair may be, inclusive, in that unit
 * @throws NOT_FINITE for a time that is NaN or infinite, with its index
 * @example matchSpikeTrains([100, 200], [103, 300], { tolerance: 5 }).hitRate // 0.5
 */
export function matchSpikeTrains(
  truth: ArrayLike<number>,
  found: ArrayLike<number>,
  options: { readonly tolerance: number },
): SpikeMatch {
  requireKnownOptions('options', options, ['tolerance']);
  const tolerance = requireNonNegative('options.tolerance', options.tolerance);
  requireAllFinite('truth', truth);
  requireAllFinite('found', found);
  const trueOrder = inOrder(truth);
  const foundOrder = inOrder(found);
  const trueIndices: number[] = [];
  const foundIndices: number[] = [];
  for (let t = 0, f = 0; t < truth.length && f < found.length; ) {
    const difference = found[foundOrder[f]!]! - truth[trueOrder[t]!]!;
    if (Math.abs(difference) <= tolerance) {
      trueIndices.push(trueOrder[t++]!);
      foundIndices.push(foundOrder[f++]!);
    } else if (difference > 0) t++;
    else f++;
  }
  const hits = trueIndices.length;
  const misses = truth.length - hits;
  const falseAlarms = found.length - hits;
  const missRate = truth.length === 0 ? 0 : misses / truth.length;
  return Object.freeze({
    trueIndices: Int32Array.from(trueIndices),
    foundIndices: Int32Array.from(foundIndices),
    hits,
    misses,
    falseAlarms,
    hitRate: 1 - missRate,
    missRate,
    falseAlarmRate: found.length === 0 ? 0 : falseAlarms / found.length,
  });
}

function inOrder(times: ArrayLike<number>): Int32Array {
  const order = Int32Array.from({ length: times.length }, (_, index) => index);
  // Spike trains come sorted: looking costs less than sorting.
  for (let index = 1; index < times.length; index++) {
    if (times[index]! < times[index - 1]!) return order.sort((a, b) => times[a]! - times[b]!);
  }
  return order;
}
