import {
  requireInteger,
  requireKnownOptions,
  requirePositive,
  throwIfAborted,
  UnrolledError,
} from '@unrolled/contracts';
import type { Recording } from '@unrolled/data';
import { pacer } from '@unrolled/solvers';
import { byPursuit } from './finders/by-pursuit.ts';
import type { FinderOf } from './finders/finder.ts';
import { conditioned } from './front/front-end.ts';
import type { Learned } from './learned.ts';
import { synthesize } from './matching/synthesize.ts';
import type { WorkOptions } from './progress.ts';
import type { SortedSpikes } from './sorting.ts';

/** Options of `sortRecording`. */
export interface SortOptions extends WorkOptions {
  /** Sampling rate, Hz. Default: the recording's own, else that of `learned`; refused where it differs from the templates'. */
  readonly rate?: number | undefined;
  /** How much more evidence than chance would ask for a spike needs: 1 (default); a sweep of it gives a miss/false-alarm curve. */
  readonly threshold?: number;
  /** How spikes are found: `byPursuit` (default), or `byNetwork`, in the code of the learned network itself. */
  readonly find?: FinderOf;
  /** Samples that are looked at together. Default: as many as make two megabytes; the result does not depend on it. */
  readonly window?: number;
  /**
   * Receives the reconstruction of the recording (its spikes, without baseline and noise, in its own units), in order:
   * `values` is `[time, channels]` from sample `start` on.
   */
  readonly onDenoised?: ((start: number, values: Float32Array) => void | Promise<void>) | undefined;
}

/** `SortedSpikes`, and how sure and how complete they are. */
export interface Sorted extends SortedSpikes {
  /** `[spikes]`: evidence for each spike, nats: `spikeScore`. */
  readonly scores: Float32Array;
  /** Part of the whitened recording's energy, noise included, that the spikes explain: 0 … 1. */
  readonly explained: number;
}

/** Numbers of a window's signal: some megabytes, whatever the recording's length. */
const WINDOW = 2 ** 19;
/** Templates on either side of a window that are looked at with it: decisions hardly ever reach so far. */
const MARGIN = 32;

/**
 * Sorts a recording with templates that were learned, in windows that overlap: constant memory, however long it is, and the same
 * answer whatever the windows.
 *
 * Each window is filtered and whitened as the templates were, and its spikes are found: by pursuit with Bayes' rule (`byPursuit`), or
 * in the code of the learned network (`byNetwork`). A spike's time is the sample of its template's largest deflection.
 *
 * @param recording of the same electrodes at the same rate
 * @throws INVALID_ARGUMENT for another rate, INVALID_SHAPE for another number of channels, UNKNOWN_OPTION, ABORTED
 * @example
 * const learned = await learnTemplates(recording);
 * const { times, units, amplitudes } = await sortRecording(recording, learned);
 */
export async function sortRecording(
  recording: Recording,
  learned: Learned,
  options: SortOptions = {},
): Promise<Sorted> {
  requireKnownOptions('options', options, [
    'rate',
    'threshold',
    'window',
    'find',
    'onDenoised',
    'signal',
    'onProgress',
  ]);
  requireSameElectrodes(recording, learned, options.rate);
  const threshold = requirePositive('options.threshold', options.threshold ?? 1);
  const { frontEnd, templates, peaks } = learned;
  const [units, length] = templates.shape as [number, number, number];
  const used = frontEnd.usedChannels.length;
  const { samples, channels } = recording;
  const through = conditioned(recording, frontEnd);
  const size = requireInteger(
    'options.window',
    options.window ?? Math.max(4 * length, Math.floor(WINDOW / Math.max(1, used))),
  );
  const margin = MARGIN * length;
  const own = Array.from({ length: units }, (_, unit) =>
    templates.data.subarray(unit * length * channels, (unit + 1) * length * channels),
  );

  const pause = pacer();
  const times: number[] = [];
  const owners: number[] = [];
  const amplitudes: number[] = [];
  const scores: number[] = [];
  let energy = 0;
  let left = 0;
  const finder = await (options.find ?? byPursuit)(learned, threshold);
  try {
    for (let start = 0; start < samples; start += size) {
      await pause();
      throwIfAborted(options.signal);
      const end = Math.min(samples, start + size);
      // Beyond its ends the recording is taken for silent: a spike that is cut off there is found by what is left of it.
      const from = start - margin;
      const signal = new Float32Array((end - start + 2 * margin) * used);
      if (used > 0) {
        const [low, high] = [Math.max(0, from), Math.min(samples, end + margin)];
        signal.set(await through.whitened(low, high), (low - from) * used);
      }
      const events = units > 0 && used > 0 ? await finder.find(signal) : [];
      for (const { place, unit, amplitude, score } of events) {
        const time = from + place + peaks[unit]!.sample;
        if (time < start || time >= end || amplitude === 0) continue;
        times.push(time);
        owners.push(unit);
        amplitudes.push(amplitude);
        scores.push(score);
      }
      const residual = signal.slice();
      synthesize(events, finder.bank.templates, used, residual, -1);
      for (let i = margin * used; i < (margin + end - start) * used; i++) {
        energy += signal[i]! ** 2;
        left += residual[i]! ** 2;
      }
      if (options.onDenoised !== undefined) {
        const clean = new Float32Array((end - start) * channels);
        const here = events.map((event) => ({ ...event, place: event.place - margin }));
        synthesize(here, own, channels, clean);
        await options.onDenoised(start, clean);
      }
      options.onProgress?.({ stage: 'sorting', done: end, total: samples });
    }
  } finally {
    finder.dispose();
  }
  const order = Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || owners[a]! - owners[b]!);
  const ascending = order.map((index) => times[index]!);
  return Object.freeze({
    rate: frontEnd.rate,
    samples,
    channels,
    usedChannels: frontEnd.usedChannels,
    templates,
    peaks,
    times: samples < 2 ** 31 ? Int32Array.from(ascending) : Float64Array.from(ascending),
    units: Int32Array.from(order, (index) => owners[index]!),
    amplitudes: Float32Array.from(order, (index) => amplitudes[index]!),
    scores: Float32Array.from(order, (index) => scores[index]!),
    explained: energy > 0 ? Math.min(1, Math.max(0, 1 - left / energy)) : 0,
  });
}

function requireSameElectrodes(recording: Recording, { frontEnd }: Learned, given: number | undefined): void {
  const rate = given ?? recording.rate ?? frontEnd.rate;
  if (rate !== frontEnd.rate) {
    throw new UnrolledError(
      'INVALID_ARGUMENT',
      `rate: expected ${frontEnd.rate} Hz, the rate of the templates, got ${rate}`,
    );
  }
  if (recording.channels !== frontEnd.channels) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `${recording.name}: expected ${frontEnd.channels} channels, those of the templates, found ${recording.channels}`,
    );
  }
}
