import type { Recording } from '@unrolled/data';
import type { Learned } from './learned.ts';
import type { WorkOptions } from './progress.ts';
import { type Sorted, type SortOptions, sortRecording } from './sort.ts';

/** A sorting at one detection threshold. */
export interface SweepPoint {
  readonly threshold: number;
  readonly sorted: Sorted;
}

/**
 * Sorts at several detection thresholds, for a curve of misses against false alarms: see `threshold` of `sortRecording`.
 *
 * @example
 * for await (const { threshold, sorted } of thresholdSweep(recording, learned, [0.25, 0.5, 1, 2, 4, 8])) …
 */
export async function* thresholdSweep(
  recording: Recording,
  learned: Learned,
  thresholds: readonly number[],
  options: WorkOptions & Pick<SortOptions, 'rate' | 'find' | 'executor'> = {},
): AsyncGenerator<SweepPoint, void, undefined> {
  for (const threshold of thresholds) {
    yield { threshold, sorted: await sortRecording(recording, learned, { ...options, threshold }) };
  }
}
