import type { Recording } from '@unrolled/data';
import type { FrontEnd } from './front-end.ts';

/** Length of the running mean, in templates. */
const TEMPLATES = 10;

/** Samples on either side of one that its running mean takes in. */
export const baselineReach = (length: number): number => Math.ceil((TEMPLATES * length) / 2);

/** The running mean of a signal `[time × channels]`, each channel by itself; at the ends over what is there. */
export function runningMean(signal: Float32Array, channels: number, reach: number): Float32Array {
  const samples = signal.length / channels;
  const means = new Float32Array(signal.length);
  const sums = new Float64Array(samples + 1);
  for (let channel = 0; channel < channels; channel++) {
    for (let time = 0; time < samples; time++)
      sums[time + 1] = sums[time]! + signal[time * channels + channel]!;
    for (let time = 0; time < samples; time++) {
      const low = Math.max(0, time - reach);
      const high = Math.min(samples, time + reach + 1);
      means[time * channels + channel] = (sums[high]! - sums[low]!) / (high - low);
    }
  }
  return means;
}

/**
 * A piece of a recording in its own units without its slow baseline: y minus its running mean over ten templates, for the used
 * channels, `[time × used channels]`. The shape of a spike is left as it is, where the band-pass bends it.
 */
export async function withoutBaseline(
  recording: Recording,
  { usedChannels, offsets }: FrontEnd,
  length: number,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<Float32Array> {
  const used = usedChannels.length;
  const reach = baselineReach(length);
  const from = Math.max(0, start - reach);
  const to = Math.min(recording.samples, end + reach);
  const raw = await recording.read(from, to);
  const signal = new Float32Array((to - from) * used);
  for (let time = 0; time < to - from; time++) {
    usedChannels.forEach((channel, place) => {
      signal[time * used + place] = raw[time * recording.channels + channel]! - offsets[place]!;
    });
  }
  const baseline = runningMean(signal, used, reach);
  return signal
    .map((value, index) => value - baseline[index]!)
    .subarray((start - from) * used, (end - from) * used);
}
