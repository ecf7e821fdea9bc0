import { type Random, refuse, requireInteger, requireKnownOptions, UnrolledError } from '@unrolled/contracts';
import type { Recording } from './recording.ts';

/** A piece of a recording. */
export interface Window {
  /** Its first sample in the recording. */
  readonly start: number;
  /** One past its last sample. */
  readonly end: number;
  /** Interleaved `[end − start, channels]`. */
  readonly values: Float32Array;
}

/**
 * A recording from start to end in windows that overlap: window k starts at sample k·(length − overlap). All have `length`
 * samples but the last one, which ends with the recording. One window is in memory at a time.
 *
 * @param options.length samples of a window
 * @param options.overlap samples that a window shares with the next one, less than `length`; default 0
 * @example for await (const { start, values } of windows(recording, { length: 30_000, overlap: 90 })) …
 */
export async function* windows(
  recording: Recording,
  options: { readonly length: number; readonly overlap?: number },
): AsyncGenerator<Window, void, undefined> {
  requireKnownOptions('options', options, ['length', 'overlap']);
  const { length, overlap = 0 } = options;
  requireInteger('options.length', length);
  requireInteger('options.overlap', overlap, 0);
  if (overlap >= length) refuse('options.overlap', overlap, `less than the length of a window (${length})`);
  for (let start = 0, end = 0; end < recording.samples; start += length - overlap) {
    end = Math.min(start + length, recording.samples);
    yield { start, end, values: await recording.read(start, end) };
  }
}

/** Windows drawn at random. */
export interface RandomWindows {
  /** `[count]`: the first sample of each window, in the order drawn. */
  readonly starts: Float64Array;
  /** `[count, length, channels]`. */
  readonly values: Float32Array;
}

/**
 * Windows drawn uniformly, with replacement, from the whole recording; `random` alone decides which. They are read in the
 * order in which they lie in the file and given in the order drawn. Holds count · length · channels numbers.
 *
 * @param options.length samples of a window
 * @param options.count how many
 * @param options.random advanced by `count` draws
 * @throws INVALID_SHAPE where the recording is shorter than a window
 * @example const { values } = await randomWindows(recording, { length: 500, count: 32, random: random(0) });
 */
export async function randomWindows(
  recording: Recording,
  options: { readonly length: number; readonly count: number; readonly random: Random },
): Promise<RandomWindows> {
  requireKnownOptions('options', options, ['length', 'count', 'random']);
  const { length, count, random } = options;
  requireInteger('options.length', length);
  requireInteger('options.count', count);
  const { name, samples, channels } = recording;
  if (samples < length) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `${name}: expected at least one window of ${length} samples, found ${samples} samples`,
    );
  }
  const starts = Float64Array.from({ length: count }, () => random.integer(samples - length + 1));
  const values = new Float32Array(count * length * channels);
  const inFileOrder = Array.from(starts.keys()).sort((a, b) => starts[a]! - starts[b]!);
  for (const index of inFileOrder) {
    const start = starts[index]!;
    values.set(await recording.read(start, start + length), index * length * channels);
  }
  return Object.freeze({ starts, values });
}
