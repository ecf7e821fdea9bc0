import { throwIfAborted } from '@unrolled/contracts';
import type { Recording } from '@unrolled/data';
import { pacer } from '@unrolled/solvers';
import { type FrontEnd, stretchToWhiten } from '../front/front-end.ts';
import type { RecordingWindow } from './sort-windows.ts';

/** How a recording is cut. */
export interface Windowing {
  /** Samples of a window. */
  readonly size: number;
  /** Samples on either side of it that are looked at with it. */
  readonly margin: number;
}

/** Numbers of a window's signal: what is made of them stays in a core's cache. */
const NUMBERS = 2 ** 16;
/** Templates on either side of a window that are looked at with it: decisions hardly ever reach so far. */
const MARGIN = 32;
/** A window is at least as long as this many of its margins: they are work done twice. */
const MARGINS = 16;

/**
 * How a recording is cut where nobody says how.
 *
 * @param length samples of a template
 * @param channels of the recording that are used
 */
export function windowing(length: number, channels: number, size?: number): Windowing {
  const margin = MARGIN * length;
  const most = Math.floor(NUMBERS / Math.max(1, channels));
  return { size: size ?? Math.max(MARGINS * margin, most), margin };
}

/** A recording in windows, read as they are asked for: by one thread, in order. */
export async function* windowsOf(
  recording: Recording,
  frontEnd: FrontEnd,
  { size, margin }: Windowing,
  signal: AbortSignal | undefined,
): AsyncGenerator<RecordingWindow, void, undefined> {
  const { samples, channels } = recording;
  const used = frontEnd.usedChannels.length;
  const pause = pacer();
  for (let start = 0; start < samples; start += size) {
    await pause();
    throwIfAborted(signal);
    const end = Math.min(samples, start + size);
    const [from, to] = stretchToWhiten(
      frontEnd,
      samples,
      Math.max(0, start - margin),
      Math.min(samples, end + margin),
    );
    const values = used > 0 ? await recording.read(from, to) : new Float32Array(0);
    yield { start, end, stretch: { from, values, channels, samples } };
  }
}

/** The buffer of a window's samples, to be handed over: a recording gives a new array for every reading. */
export function buffersOf({ stretch: { values } }: RecordingWindow): ArrayBuffer[] {
  const { buffer, byteLength } = values;
  // What is part of a larger buffer, or shared, may not be ours alone: it is copied, or stays shared.
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
