import type { Recording } from '@unrolled/data';
import type { FrontEnd } from './front-end.ts';

/** Length of the running mean, in templates. */
const TEMPLATES = 10;

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
  const half = Math.ceil((TEMPLATES * length) / 2);
  const from = Math.max(0, start - half);
  const to = Math.min(recording.samples, end + half);
  const raw = await recording.read(from, to);
  const output = new Float32Array((end - start) * used);
  const sums = new Float64Array(to - from + 1);
  usedChannels.forEach((channel, place) => {
    const at = (time: number) => raw[time * recording.channels + channel]! - offsets[place]!;
    for (let time = 0; time < to - from; time++) sums[time + 1] = sums[time]! + at(time);
    for (let time = start; time < end; time++) {
      const low = Math.max(from, time - half) - from;
      const high = Math.min(to, time + half + 1) - from;
      output[(time - start) * used + place] = at(time - from) - (sums[high]! - sums[low]!) / (high - low);
    }
  });
  return output;
}
