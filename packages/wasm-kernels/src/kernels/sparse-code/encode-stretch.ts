import { type CodeEntries, withStretch } from './stretch.ts';
import type { HeapTables } from './tables.ts';

/** What iterations gave. */
export interface EncodedStretch extends CodeEntries {
  /** Entries that were taken out of a gradient, over all iterations. */
  readonly updates: number;
  /** How far the kept entries are from the Karush–Kuhn–Tucker conditions, in parts of the weight; 0 where not measured. */
  readonly violation: number;
}

/** What of a signal is encoded, and how. */
export interface EncodeOptions {
  /** `[(positions − 1) · stride + length, channels]` */
  readonly signal: Float32Array;
  readonly positions: number;
  /** The positions that are kept, `first` to `end` (exclusive): exact where the others reach as far as the iterations. */
  readonly first: number;
  readonly end: number;
  /** One number an iteration. */
  readonly momenta: Float32Array;
  /** Measure the violation; takes as long as one iteration more. */
  readonly measure: boolean;
}

/**
 * FISTA in code space on a stretch, skipping what is zero: `assembly/sparse-code/encode.ts`.
 *
 * @param tables of the problem times the step, made on the wasm backend in use
 */
export function encodeStretch(tables: HeapTables, options: EncodeOptions): EncodedStretch {
  const { signal, positions, first, end, momenta, measure } = options;
  return withStretch(
    tables,
    [signal, momenta],
    (compiled, space) => compiled.encodeStretchBytes(space, positions, end - first),
    ({ compiled, space, arrays, work, numbers, events }) => {
      const [signalAt, momentaAt] = arrays as [number, number];
      const iterations = momenta.length;
      compiled.encodeStretch(
        ...([space, signalAt, positions, first, end, momentaAt, iterations, measure ? 1 : 0, work] as const),
      );
      const { whole, real } = numbers();
      const [found, updates] = whole as unknown as [number, number];
      return { ...events(found, (end - first) * tables.tables.atoms), updates, violation: real[2]! };
    },
  );
}
