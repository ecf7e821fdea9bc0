import { requireKnownOptions, throwIfAborted, UnrolledError } from '@unrolled/contracts';
import type { Recording } from './recording.ts';
import { windows } from './windows.ts';

/** What one channel holds. */
export interface ChannelCheck {
  readonly minimum: number;
  readonly maximum: number;
  /** All its samples are the same number. */
  readonly constant: boolean;
  /** All its samples are 0. */
  readonly zero: boolean;
}

/**
 * Reads a recording once, from start to end, and says what its channels hold.
 *
 * @param options.signal ends the reading with an ABORTED error
 * @param options.onProgress called with the fraction read, in (0, 1]
 * @returns one entry a channel
 * @throws NOT_FINITE, with sample and channel (both counted from 0), at the first NaN or infinity
 * @example const silent = (await checkRecording(recording)).flatMap(({ constant }, c) => (constant ? [c] : []));
 */
export async function checkRecording(
  recording: Recording,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (fraction: number) => void } = {},
): Promise<readonly ChannelCheck[]> {
  requireKnownOptions('options', options, ['signal', 'onProgress']);
  const { name, samples, channels } = recording;
  const minimum = new Float64Array(channels).fill(Number.POSITIVE_INFINITY);
  const maximum = new Float64Array(channels).fill(Number.NEGATIVE_INFINITY);
  // About a megabyte at a time, whatever the number of channels.
  const length = Math.max(1, Math.floor(2 ** 18 / channels));
  for await (const { start, end, values } of windows(recording, { length })) {
    throwIfAborted(options.signal);
    for (let index = 0, channel = 0; index < values.length; index++) {
      const value = values[index]!;
      if (!Number.isFinite(value)) {
        const sample = start + Math.floor(index / channels);
        throw new UnrolledError(
          'NOT_FINITE',
          `${name}: expected finite numbers, found ${value} at sample ${sample} of channel ${channel}`,
        );
      }
      if (value < minimum[channel]!) minimum[channel] = value;
      if (value > maximum[channel]!) maximum[channel] = value;
      if (++channel === channels) channel = 0;
    }
    options.onProgress?.(end / samples);
  }
  return Array.from(minimum, (low, channel) => {
    const high = maximum[channel]!;
    return Object.freeze({
      minimum: low,
      maximum: high,
      constant: low === high,
      zero: low === 0 && high === 0,
    });
  });
}
