import * as tf from '@tensorflow/tfjs-core';
import { requireInteger, requireKnownOptions, requirePositive, UnrolledError } from '@unrolled/contracts';
import type { Recording } from '@unrolled/data';
import { type Executor, map } from '@unrolled/parallel';
import type { FinderName, FinderOf } from './finders/finder.ts';
import { finderOf, sendableFinder } from './finders/finders.ts';
import type { Learned } from './learned.ts';
import type { WorkOptions } from './progress.ts';
import type { SortedSpikes } from './sorting.ts';
import type { Backend } from './windows/ready-backend.ts';
import { windowTask } from './windows/sort-windows.ts';
import { spikeCollector } from './windows/spike-list.ts';
import { buffersOf, windowing, windowsOf } from './windows/windows-of.ts';

/** Options of `sortRecording`. */
export interface SortOptions extends WorkOptions {
  /** Sampling rate, Hz. Default: the recording's own, else that of `learned`; refused where it differs from the templates'. */
  readonly rate?: number | undefined;
  /** How much more evidence than chance would ask for a spike needs: 1 (default); a sweep of it gives a miss/false-alarm curve. */
  readonly threshold?: number;
  /**
   * How spikes are found, by name or function: `'pursuit'` (`byPursuit`, default); `'network'` (`byNetwork`), in the code of
   * the learned network itself; `'code'` (`bySparseCode`), in the exact sparse code, the fastest. The last two compute on the backend in
   * use. A function that is not one of ours cannot be sent to worker threads.
   */
  readonly find?: FinderName | FinderOf | undefined;
  /**
   * Where windows are sorted: default in this thread; `workerThreads()` of `@unrolled/parallel/node` on as many cores as there are. The
   * answer does not depend on it.
   */
  readonly executor?: Executor | undefined;
  /** Samples that are looked at together. Default: what fits into a core's cache; the result does not depend on it. */
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

/**
 * Sorts a recording with templates that were learned, in windows that overlap: memory does not grow with its length but for twenty
 * bytes a spike, and the answer is the same whatever the windows, and bit for bit the same on however many threads.
 *
 * Each window is filtered and whitened as the templates were, and its spikes are found: by pursuit with Bayes' rule (`byPursuit`), in
 * the code of the learned network (`byNetwork`), or in the exact sparse code (`bySparseCode`). A spike's time is the sample of its
 * template's largest deflection.
 *
 * @param recording of the same electrodes at the same rate
 * @throws INVALID_ARGUMENT for another rate, INVALID_SHAPE for another number of channels, UNKNOWN_OPTION, ABORTED
 * @example
 * const learned = await learnTemplates(recording);
 * const { times, units, amplitudes } = await sortRecording(recording, learned);
 * @example
 * await using executor = workerThreads(); // of '@unrolled/parallel/node'
 * const quick = await sortRecording(recording, learned, { find: 'code', executor });
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
    'executor',
    'onDenoised',
    'signal',
    'onProgress',
  ]);
  requireSameElectrodes(recording, learned, options.rate);
  const threshold = requirePositive('options.threshold', options.threshold ?? 1);
  const find = sendableFinder(options.find ?? 'pursuit');
  const { frontEnd, templates, peaks } = learned;
  const { samples, channels } = recording;
  const { executor, signal, onDenoised, onProgress } = options;
  if (options.window !== undefined) requireInteger('options.window', options.window);
  const cut = windowing(templates.shape[1]!, frontEnd.usedChannels.length, options.window);

  const spikes = spikeCollector(samples);
  let energy = 0;
  let left = 0;
  const windows = map(windowTask, windowsOf(recording, frontEnd, cut, signal), {
    setup: {
      learned,
      find,
      threshold,
      margin: cut.margin,
      denoised: onDenoised !== undefined,
      backend: finderOf(find).needsBackend ? (tf.getBackend() as Backend) : undefined,
    },
    executor,
    transfer: buffersOf,
    signal,
  });
  for await (const window of windows) {
    spikes.add(window);
    energy += window.energy;
    left += window.left;
    if (window.clean) await onDenoised?.(window.start, window.clean);
    onProgress?.({ stage: 'sorting', done: window.end, total: samples });
  }
  return Object.freeze({
    rate: frontEnd.rate,
    samples,
    channels,
    usedChannels: frontEnd.usedChannels,
    templates,
    peaks,
    ...spikes.finish(),
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
