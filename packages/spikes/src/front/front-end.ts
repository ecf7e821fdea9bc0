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

/** Samples of a recording as it stores them, from sample `from` on: `[time, channels]`. */
export interface Stretch {
  readonly from: number;
  readonly values: Float32Array;
  /** Channels of the recording. */
  readonly channels: number;
  /** Length of the recording. */
  readonly samples: number;
}

/**
 * Looks at a recording through a front end. Beyond its ends the recording goes on as its mirror image.
 *
 * @param recording at least one sample
 */
export function conditioned(recording: Recording, frontEnd: FrontEnd): Conditioned {
  const { samples, channels } = recording;
  const looking =
    (reach: number, through: typeof filteredStretch) =>
    async (start: number, end: number): Promise<Float32Array> => {
      const [from, to] = covering(start - reach, end + reach, samples);
      const values = await recording.read(from, to);
      return through({ from, values, channels, samples }, frontEnd, start, end);
    };
  return Object.freeze({
    samples,
    channels: frontEnd.usedChannels.length,
    filtered: looking(reachOf(frontEnd.band), filteredStretch),
    whitened: looking(whitenedReach(frontEnd), whitenedStretch),
  });
}

/** The stretch of a recording that `whitenedStretch` needs for the samples start … end − 1. */
export function stretchToWhiten(
  frontEnd: FrontEnd,
  samples: number,
  start: number,
  end: number,
): readonly [from: number, to: number] {
  const reach = whitenedReach(frontEnd);
  return covering(start - reach, end + reach, samples);
}

const whitenedReach = ({ band, whiteningFilter }: FrontEnd): number =>
  reachOf(band) + reachOf(whiteningFilter);

/** z of the samples start … end − 1, out of a stretch that holds what they depend on: see `conditioned`. */
export function whitenedStretch(
  stretch: Stretch,
  frontEnd: FrontEnd,
  start: number,
  end: number,
): Float32Array {
  const reach = reachOf(frontEnd.whiteningFilter);
  return whiten(filteredStretch(stretch, frontEnd, start - reach, end + reach), frontEnd);
}

/** f * (y − offset) of the samples start … end − 1. */
function filteredStretch(
  { from, values, channels, samples }: Stretch,
  { usedChannels, band, offsets }: FrontEnd,
  start: number,
  end: number,
): Float32Array {
  const used = usedChannels.length;
  const first = start - reachOf(band);
  const output = new Float32Array((end - start) * used);
  const padded = new Float64Array(end - start + 2 * reachOf(band));
  // Within the recording a sample is where it is; beyond its ends it is looked for.
  const inside = Math.min(padded.length, Math.max(0, -first));
  const outside = Math.max(inside, Math.min(padded.length, samples - first));
  usedChannels.forEach((channel, place) => {
    const offset = offsets[place]!;
    const mirrored = (time: number) =>
      values[(reflect(first + time, samples) - from) * channels + channel]! - offset;
    for (let time = 0; time < inside; time++) padded[time] = mirrored(time);
    for (let time = inside, at = (first + inside - from) * channels + channel; time < outside; time++) {
      padded[time] = values[at]! - offset;
      at += channels;
    }
    for (let time = outside; time < padded.length; time++) padded[time] = mirrored(time);
    filterChannel(padded, band, output, place, used);
  });
  return output;
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
    mix(signal, row, noise, mixed);
    filterChannel(mixed, whiteningFilter, output, channel, used);
  });
  return output;
}

/** One whitened channel: Σ row[from] · signal[from] / noise[from] at every time. */
function mix(
  signal: Float32Array,
  row: readonly number[],
  noise: readonly number[],
  mixed: Float64Array,
): void {
  const used = noise.length;
  const weights = Float64Array.from(row);
  const levels = Float64Array.from(noise);
  for (let time = 0, at = 0; time < mixed.length; time++) {
    let sum = 0;
    for (let from = 0; from < used; from++, at++) sum += (weights[from]! * signal[at]!) / levels[from]!;
    mixed[time] = sum;
  }
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
