import type { Recording } from '@unrolled/data';
import { type BandPass, filterChannel } from './band-pass.ts';

/**
 * What a recording goes through before it is encoded: plain numbers, learned once and saved with the templates.
 *
 *     z = W · ((f * (y − offset)) / noise)
 *
 * for the channels that are used: f the band-pass, `noise` each channel's robust deviation, W the whitening matrix.
 */
export interface FrontEnd {
  readonly rate: number;
  /** Channels of the recording. */
  readonly channels: number;
  /** Those that are not constant, ascending. */
  readonly usedChannels: readonly number[];
  readonly band: BandPass;
  /** One a used channel, the recording's units. */
  readonly offsets: readonly number[];
  /** One a used channel: robust deviation of the filtered signal, the recording's units. */
  readonly noise: readonly number[];
  /** `[used][used]`, symmetric. */
  readonly whitening: readonly (readonly number[])[];
}

/** A recording seen through a front end: `[time, used channels]`, any piece of it, the same whichever piece is asked for. */
export interface Conditioned {
  readonly samples: number;
  readonly channels: number;
  /** Filtered, in the recording's units. */
  filtered(start: number, end: number): Promise<Float32Array>;
  /** Filtered, scaled and whitened: background noise of deviation 1 on every channel. */
  whitened(start: number, end: number): Promise<Float32Array>;
}

/** An index reflected into [0, samples): the signal is continued by its mirror image at both ends. */
function reflect(index: number, samples: number): number {
  if (samples === 1) return 0;
  const period = 2 * (samples - 1);
  const inside = ((index % period) + period) % period;
  return inside < samples ? inside : period - inside;
}

/** Looks at a recording through a front end. */
export function conditioned(recording: Recording, frontEnd: FrontEnd): Conditioned {
  const { samples } = recording;
  const { usedChannels, band, offsets } = frontEnd;
  const used = usedChannels.length;

  const filtered = async (start: number, end: number): Promise<Float32Array> => {
    const output = new Float32Array(Math.max(0, end - start) * used);
    if (output.length === 0) return output;
    const from = Math.max(0, Math.min(start - band.reach, samples - 1 - band.reach));
    const to = Math.min(samples, Math.max(end + band.reach, band.reach + 1));
    const raw = await recording.read(from, to);
    const padded = new Float64Array(end - start + 2 * band.reach);
    usedChannels.forEach((channel, place) => {
      for (let time = 0; time < padded.length; time++) {
        let source = start - band.reach + time;
        if (source < 0 || source >= samples) source = reflect(source, samples);
        padded[time] = raw[(source - from) * recording.channels + channel]! - offsets[place]!;
      }
      const channelOut = filterChannel(padded, band);
      for (let time = 0; time < channelOut.length; time++) output[time * used + place] = channelOut[time]!;
    });
    return output;
  };

  return Object.freeze({
    samples,
    channels: used,
    filtered,
    whitened: async (start: number, end: number) => whiten(await filtered(start, end), frontEnd),
  });
}

/** Scales and whitens `[time, used channels]`. */
export function whiten(signal: Float32Array, { noise, whitening }: FrontEnd): Float32Array {
  const used = noise.length;
  const white = new Float32Array(signal.length);
  for (let start = 0; start < signal.length; start += used) {
    for (let to = 0; to < used; to++) {
      const row = whitening[to]!;
      let sum = 0;
      for (let from = 0; from < used; from++) sum += (row[from]! * signal[start + from]!) / noise[from]!;
      white[start + to] = sum;
    }
  }
  return white;
}
