import { UnrolledError } from '@unrolled/contracts';
import type { Recording } from '@unrolled/data';
import type { Learned } from './learned.ts';
import type { WorkOptions } from './progress.ts';
import type { SortedSpikes } from './sorting.ts';

/** Options of `sortRecording`. */
export interface SortOptions extends WorkOptions {
  /** Sampling rate, Hz. Default: the recording's own, else that of `learned`; refused where it differs from the templates'. */
  readonly rate?: number;
  /** How much more evidence than chance would ask for a spike needs: 1 (default); a sweep of it gives a miss/false-alarm curve. */
  readonly threshold?: number;
  /**
   * Receives the reconstruction of the recording (its band-passed part, in its own units), piece by piece in order:
   * `values` is `[time, channels]` from sample `start` on.
   */
  readonly onDenoised?: (start: number, values: Float32Array) => void | Promise<void>;
}

/** `SortedSpikes`, and how much of the recording it explains. */
export interface Sorted extends SortedSpikes {
  /** 1 − energy of the residual / energy of the whitened recording, above what the noise alone has. */
  readonly explained: number;
}

export async function sortRecording(
  _recording: Recording,
  _learned: Learned,
  _options: SortOptions = {},
): Promise<Sorted> {
  throw new UnrolledError('UNAVAILABLE', 'sortRecording: not there yet');
}
