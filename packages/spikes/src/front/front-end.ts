import type { Recording } from '@unrolled/data';
import { type BandPass, filterChannel, reachOf, type SymmetricFilter } from './band-pass.ts';

/**
 * What a recording goes through before it is encoded: plain numbers, learned once and saved with the templates.
 *
 *     z = g * W · ((f * (y − offset)) / noise)
 *
 * for the channels that are used: f the band-pass, `noise` each channel's robust deviation, W the whitening matrix across
 * channels, g the whitening filter over time.
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
  /** W, `[used][used]`. */
  readonly whitening: readonly (readonly number[])[];
  /** g. */
  readonly whiteningFilter: SymmetricFilter;
}

/** A recording seen through a front end: any piece of it, the same numbers whichever piece is asked for. */
export interface Conditioned {
  readonly samples: number;
  /** Channels used. */
  readonly channels: number;
  /** f * (y − offset): `[time, used channels]` in the recording's units. */
  filtered(start: number, end: number): Promise<Float32Array>;
  /** z: `[time, used channels]`, background noise of deviation 1 in every channel. */
  whitened(start: number, end: number): Promise<Float32Array>;
}

/**
 * Looks at a recording through a front end. Beyond its ends the recording goes on as its mirror image.
 *
 * @param recording at least one sample
 */
export function conditioned(recording: Recording, frontEnd: FrontEnd): Conditioned {
  const { samples } = recording;
  const { usedChannels, band, offsets } = frontEnd;
  const used = usedChannels.length;

  const filtered = async (start: number, end: number): Promise<Float32Array> => {
    const reach = reachOf(band);
    const first = start - reach;
    const past = end + reach;
    const [from, to] = covering(first, past, samples);
    const raw = await recording.read(from, to);
    const output = new Float32Array((end - start) * used);
    const padded = new Float64Array(past - first);
    usedChannels.forEach((channel, place) => {
      for (let time = 0; time < padded.length; time++) {
        const source = reflect(first + time, samples);
        padded[time] = raw[(source - from) * recording.channels + channel]! - offsets[place]!;
      }
      interleave(filterChannel(padded, band), output, place, used);
    });
    return output;
  };

  const whitened = async (start: number, end: number): Promise<Float32Array> => {
    const reach = reachOf(frontEnd.whiteningFilter);
    return whiten(await filtered(start - reach, end + reach), frontEnd);
  };

  return Object.freeze({ samples, channels: used, filtered, whitened });
}

/**
 * Scales and whitens a filtered signal `[time × used channels]`; what comes out is shorter by the reach of the whitening filter on
 * either side.
 */
export function whiten(signal: Float32Array, { noise, whitening, whiteningFilter }: FrontEnd): Float32Array {
  const used = noise.length;
  const length = used > 0 ? signal.length / used : 0;
  const output = new Float32Array(Math.max(0, length - 2 * reachOf(whiteningFilter)) * used);
  const mixed = new Float64Array(length);
  whitening.forEach((row, channel) => {
    for (let time = 0; time < length; time++) {
      let sum = 0;
      for (let from = 0; from < used; from++)
        sum += (row[from]! * signal[time * used + from]!) / noise[from]!;
      mixed[time] = sum;
    }
    interleave(filterChannel(mixed, whiteningFilter), output, channel, used);
  });
  return output;
}

function interleave(values: Float64Array, into: Float32Array, channel: number, channels: number): void {
  for (let time = 0; time < values.length; time++) into[time * channels + channel] = values[time]!;
}

/** An index reflected into [0, samples). */
function reflect(index: number, samples: number): number {
  if (index >= 0 && index < samples) return index;
  if (samples === 1) return 0;
  const period = 2 * (samples - 1);
  const inside = ((index % period) + period) % period;
  return inside < samples ? inside : period - inside;
}

/** The stretch that holds the reflections of all indices first … past − 1. */
function covering(first: number, past: number, samples: number): [number, number] {
  if (first >= 0 && past <= samples) return [first, past];
  // A stretch that reaches over both ends, or further than the recording is long, needs all of it.
  if ((first < 0 && past > samples) || -first >= samples || past > 2 * samples - 1) return [0, samples];
  return first < 0
    ? [0, Math.min(samples, Math.max(past, 1 - first))]
    : [Math.max(0, Math.min(first, 2 * samples - 1 - past)), samples];
}
