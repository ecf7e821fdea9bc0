import { defineTask, moving, type TaskRunner } from '@unrolled/parallel';
import type { FinderName, FinderOf } from '../finders/finder.ts';
import { finderOf } from '../finders/finders.ts';
import { type Stretch, whitenedStretch } from '../front/front-end.ts';
import type { Learned } from '../learned.ts';
import type { Event } from '../matching/pursuit.ts';
import { synthesize } from '../matching/synthesize.ts';
import type { Backend } from './ready-backend.ts';

/** What sorting windows needs in every worker. */
export interface WindowSetup {
  readonly learned: Learned;
  readonly find: FinderName | FinderOf;
  readonly threshold: number;
  /** Samples on either side of a window that are looked at with it. */
  readonly margin: number;
  /** Whether the reconstruction is wanted too. */
  readonly denoised: boolean;
  /** The backend of the thread that asks; undefined where none is needed. */
  readonly backend: Backend | undefined;
}

/** A window: the samples start … end − 1 of a recording, and as much around them as they depend on. */
export interface RecordingWindow {
  readonly start: number;
  readonly end: number;
  readonly stretch: Stretch;
}

/** The spikes whose times are in a window, and what they explain of it. */
export interface SortedWindow {
  readonly start: number;
  readonly end: number;
  /** Samples from `start` on, ascending, of units ascending. */
  readonly offsets: Int32Array<ArrayBuffer>;
  readonly units: Int32Array<ArrayBuffer>;
  readonly amplitudes: Float32Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
  /** Energy of the whitened window, and of what its spikes leave. */
  readonly energy: number;
  readonly left: number;
  /** `[time, channels]`, the recording's units. */
  readonly clean: Float32Array<ArrayBuffer> | undefined;
}

/**
 * Sorts windows of a recording, one after the other: each filtered and whitened as the templates were, then its spikes found. What a
 * window gives depends on it alone.
 */
export async function sortWindows(setup: WindowSetup): Promise<TaskRunner<RecordingWindow, SortedWindow>> {
  const { learned, threshold, margin, denoised, backend } = setup;
  if (backend !== undefined) await (await import('./ready-backend.ts')).readyBackend(backend);
  const find = await finderOf(setup.find).load();
  const finder = await find(learned, threshold);
  const { frontEnd, templates, peaks } = learned;
  const [units, length, channels] = templates.shape as [number, number, number];
  const used = frontEnd.usedChannels.length;
  const own = Array.from({ length: units }, (_, unit) =>
    templates.data.subarray(unit * length * channels, (unit + 1) * length * channels),
  );
  return {
    async run({ start, end, stretch }) {
      // Beyond its ends the recording is taken for silent: a spike that is cut off there is found by what is left of it.
      const [from, to] = [start - margin, end + margin];
      const [low, high] = [Math.max(0, from), Math.min(stretch.samples, to)];
      let signal = whitenedStretch(stretch, frontEnd, low, high);
      if (low > from || high < to) {
        const whole = new Float32Array((to - from) * used);
        whole.set(signal, (low - from) * used);
        signal = whole;
      }
      const events = units > 0 && used > 0 ? await finder.find(signal) : [];
      const residual = signal.slice();
      synthesize(events, finder.bank.templates, used, residual, -1);
      const [first, past] = [margin * used, (margin + end - start) * used];
      let clean: Float32Array<ArrayBuffer> | undefined;
      if (denoised) {
        clean = new Float32Array((end - start) * channels);
        synthesize(
          events.map((event) => ({ ...event, place: event.place - margin })),
          own,
          channels,
          clean,
        );
      }
      const window: SortedWindow = {
        start,
        end,
        ...listed(events, end - start, (event) => event.place - margin + peaks[event.unit]!.sample),
        energy: energyOf(signal, first, past),
        left: energyOf(residual, first, past),
        clean,
      };
      return moving(
        window,
        Object.values(window).flatMap((value) =>
          ArrayBuffer.isView(value) ? [value.buffer as ArrayBuffer] : [],
        ),
      );
    },
    close: () => finder.dispose(),
  };
}

/** Where a worker finds `sortWindows`: in the built file, whether this is one or its source. See `workerThreads`. */
export const windowTask = defineTask<WindowSetup, RecordingWindow, SortedWindow>({
  module: new URL('../../dist/windows/sort-windows.js', import.meta.url),
  name: 'sortWindows',
  load: async () => sortWindows,
});

/** The spikes whose time, by `offsetOf`, is in the window, in order. */
function listed(events: readonly Event[], size: number, offsetOf: (event: Event) => number) {
  const spikes = events
    .map((event) => ({ event, offset: offsetOf(event) }))
    .filter(({ event, offset }) => event.amplitude !== 0 && offset >= 0 && offset < size)
    .sort((a, b) => a.offset - b.offset || a.event.unit - b.event.unit);
  return {
    offsets: Int32Array.from(spikes, ({ offset }) => offset),
    units: Int32Array.from(spikes, ({ event }) => event.unit),
    amplitudes: Float32Array.from(spikes, ({ event }) => event.amplitude),
    scores: Float32Array.from(spikes, ({ event }) => event.score),
  };
}

function energyOf(signal: Float32Array, from: number, to: number): number {
  let energy = 0;
  for (let i = from; i < to; i++) energy += signal[i]! * signal[i]!;
  return energy;
}
