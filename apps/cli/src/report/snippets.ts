import type { Recording } from '@unrolled/data';
import { type Learned, type ReportSnippet, type SortedSpikes, withoutBaseline } from '@unrolled/spikes';

/** A snippet shows this many templates' lengths: 90 ms for those of 3 ms. */
const lengths = 30;

/** Pieces of the recording that are worth a look: where most spikes are, in each third of it. */
export async function busiestSnippets(
  recording: Recording,
  { frontEnd, duration }: Learned,
  sorted: SortedSpikes,
): Promise<ReportSnippet[]> {
  if (frontEnd.usedChannels.length === 0) return [];
  const { samples, channels } = recording;
  const template = Math.round(duration * frontEnd.rate);
  const length = Math.min(samples, lengths * template);
  const starts = busiestStarts(sorted.times, samples, length);
  return Promise.all(
    starts.map(async (start) => {
      // Templates keep the shape that spikes have in the recording: so must what they are laid over.
      const trace = await withoutBaseline(recording, frontEnd, template, { start, end: start + length });
      return {
        start,
        trace: spread(trace, frontEnd.usedChannels, length, channels),
        reconstruction: reconstruction(sorted, start, start + length),
      };
    }),
  );
}

/** First samples of the busiest window of each third, of windows that stand side by side; each once. */
function busiestStarts(times: ArrayLike<number>, samples: number, length: number): number[] {
  const windows = Math.max(1, Math.floor(samples / length));
  const counts = new Int32Array(windows);
  for (let spike = 0; spike < times.length; spike++) {
    const window = Math.floor(times[spike]! / length);
    if (window < windows) counts[window]!++;
  }
  const thirds = [0, 1, 2].map((third) => {
    const from = Math.floor((third * windows) / 3);
    const to = Math.max(from + 1, Math.floor(((third + 1) * windows) / 3));
    let best = from;
    for (let window = from; window < to; window++) if (counts[window]! > counts[best]!) best = window;
    return best * length;
  });
  return [...new Set(thirds)];
}

/** `[time, used]` as `[time, channels]`, zero on the channels that are left out. */
function spread(
  values: Float32Array,
  usedChannels: readonly number[],
  length: number,
  channels: number,
): Float32Array {
  const all = new Float32Array(length * channels);
  for (let time = 0; time < length; time++) {
    usedChannels.forEach((channel, place) => {
      all[time * channels + channel] = values[time * usedChannels.length + place]!;
    });
  }
  return all;
}

/** The sum of the spikes found, samples start … end − 1 `[time, channels]`. */
function reconstruction(sorted: SortedSpikes, start: number, end: number): Float32Array {
  const { templates, peaks, times, units, amplitudes } = sorted;
  const [, time, channels] = templates.shape as readonly [number, number, number];
  const values = new Float32Array((end - start) * channels);
  for (let spike = 0; spike < times.length; spike++) {
    const unit = units[spike]!;
    const onset = times[spike]! - peaks[unit]!.sample;
    const from = Math.max(onset, start);
    const to = Math.min(onset + time, end);
    for (let index = (from - onset) * channels; index < (to - onset) * channels; index++) {
      values[(onset - start) * channels + index]! +=
        amplitudes[spike]! * templates.data[unit * time * channels + index]!;
    }
  }
  return values;
}
