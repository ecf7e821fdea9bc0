import type { SortedWindow } from './sort-windows.ts';

/** The spikes of all windows. */
export interface SpikeList {
  readonly times: Int32Array | Float64Array;
  readonly units: Int32Array;
  readonly amplitudes: Float32Array;
  readonly scores: Float32Array;
}

/** Collects the spikes of windows that come in order. Twenty bytes a spike, and little more while they are put together. */
export function spikeCollector(samples: number) {
  let windows: Omit<SortedWindow, 'end' | 'energy' | 'left' | 'clean'>[] = [];
  let count = 0;
  return {
    add({ start, offsets, units, amplitudes, scores }: SortedWindow): void {
      if (offsets.length === 0) return;
      windows.push({ start, offsets, units, amplitudes, scores });
      count += offsets.length;
    },
    /** All spikes; the collector is empty then. */
    finish(): SpikeList {
      const times = samples < 2 ** 31 ? new Int32Array(count) : new Float64Array(count);
      const units = new Int32Array(count);
      const amplitudes = new Float32Array(count);
      const scores = new Float32Array(count);
      let at = 0;
      for (const window of windows) {
        for (let i = 0; i < window.offsets.length; i++) times[at + i] = window.start + window.offsets[i]!;
        units.set(window.units, at);
        amplitudes.set(window.amplitudes, at);
        scores.set(window.scores, at);
        at += window.offsets.length;
      }
      windows = [];
      return { times, units, amplitudes, scores };
    },
  };
}
