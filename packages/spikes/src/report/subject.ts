import type { ReportInput } from './input.ts';

/** Two spikes of one neuron are never closer than this, seconds. */
export const refractoryPeriod = 0.002;

/** More channels than this do not fit beside each other on a page. */
const shownChannelsAtMost = 8;

/** One unit as the report speaks of it. */
export interface ReportUnit {
  readonly index: number;
  readonly name: string;
  /** Seconds, ascending. */
  readonly times: Float64Array;
  /** Largest deflection of each spike, in the recording's unit, with its sign. */
  readonly deflections: Float64Array;
  /** Seconds between spikes: one fewer than there are spikes. */
  readonly intervals: Float64Array;
  /** Intervals below the refractory period. */
  readonly violations: number;
  /** Spikes a second. */
  readonly firingRate: number;
  /** Mean of the deflections. */
  readonly amplitude: number;
  readonly peakChannel: number;
  /** |amplitude| over the standard deviation of the peak channel's noise, where that is known. */
  readonly signalToNoise: number | undefined;
}

/** What all sections of a report speak of, worked out once. */
export interface Subject {
  readonly input: ReportInput;
  /** Length of the recording, s. */
  readonly seconds: number;
  /** Unit of its samples. */
  readonly unit: string;
  readonly units: readonly ReportUnit[];
  /** The channels that figures show: those sorted, or the strongest of them where there are many. Ascending. */
  readonly shownChannels: readonly number[];
}

/** Works out what the sections share. */
export function subjectOf(input: ReportInput): Subject {
  const { sorting } = input;
  const [count = 0] = sorting.templates.shape;
  const members = membersOf(sorting.units, count);
  const seconds = sorting.samples / sorting.rate;
  return {
    input,
    seconds,
    unit: input.recording.unit ?? 'a.u.',
    units: members.map((spikes, index) => unitOf(input, index, spikes, seconds)),
    shownChannels: strongestChannels(input),
  };
}

/** The spikes of each unit, by their numbers: typed, for there may be millions. */
function membersOf(units: ArrayLike<number>, count: number): Int32Array[] {
  const sizes = new Int32Array(count);
  for (let spike = 0; spike < units.length; spike++) sizes[units[spike]!]!++;
  const members = Array.from(sizes, (size) => new Int32Array(size));
  const filled = new Int32Array(count);
  for (let spike = 0; spike < units.length; spike++) {
    const unit = units[spike]!;
    members[unit]![filled[unit]!++] = spike;
  }
  return members;
}

function unitOf(input: ReportInput, index: number, spikes: Int32Array, seconds: number): ReportUnit {
  const { sorting, recording } = input;
  const peak = sorting.peaks[index]!;
  const height = templateValue(input, index, peak.sample, peak.channel);
  const times = Float64Array.from(spikes, (spike) => sorting.times[spike]! / sorting.rate);
  const deflections = Float64Array.from(spikes, (spike) => sorting.amplitudes[spike]! * height);
  // Differences of whole samples: those of seconds would round 2 ms to a little less.
  const intervals = Float64Array.from(
    spikes.subarray(1),
    (spike, previous) => (sorting.times[spike]! - sorting.times[spikes[previous]!]!) / sorting.rate,
  );
  const amplitude =
    spikes.length === 0 ? height : deflections.reduce((sum, value) => sum + value, 0) / deflections.length;
  const noise = recording.noise?.[peak.channel];
  return {
    index,
    name: `unit ${index}`,
    times,
    deflections,
    intervals,
    violations: intervals.reduce((sum, interval) => sum + (interval < refractoryPeriod ? 1 : 0), 0),
    firingRate: spikes.length / seconds,
    amplitude,
    peakChannel: peak.channel,
    signalToNoise: noise !== undefined && noise > 0 ? Math.abs(amplitude) / noise : undefined,
  };
}

function templateValue({ sorting }: ReportInput, unit: number, sample: number, channel: number): number {
  const [, samples = 0, channels = 0] = sorting.templates.shape;
  return sorting.templates.data[(unit * samples + sample) * channels + channel]!;
}

/** All channels that were sorted, or those with the largest deflection of any template where there are too many. */
function strongestChannels({ sorting }: ReportInput): readonly number[] {
  const { usedChannels, templates, channels } = sorting;
  if (usedChannels.length <= shownChannelsAtMost) return usedChannels;
  const strength = new Float64Array(channels);
  templates.data.forEach((value, index) => {
    const channel = index % channels;
    strength[channel] = Math.max(strength[channel]!, Math.abs(value));
  });
  return [...usedChannels]
    .sort((a, b) => strength[b]! - strength[a]! || a - b)
    .slice(0, shownChannelsAtMost)
    .sort((a, b) => a - b);
}

/** Some channels out of values interleaved of all. */
export function pickChannels(
  values: ArrayLike<number>,
  channels: number,
  picked: readonly number[],
): Float32Array {
  const samples = values.length / channels;
  return Float32Array.from(
    { length: samples * picked.length },
    (_, index) => values[Math.floor(index / picked.length) * channels + picked[index % picked.length]!]!,
  );
}
