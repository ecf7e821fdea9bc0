import { type CodeEntries, withStretch } from './stretch.ts';
import type { HeapTables } from './tables.ts';

/** What a search found. */
export interface SearchedStretch extends CodeEntries {
  /** Local problems solved. */
  readonly updates: number;
  /** The largest violation of the Karush–Kuhn–Tucker conditions that was left, in parts of the weight. */
  readonly violation: number;
  /** The first and the last position of what was changed; first > last where nothing was. */
  readonly first: number;
  readonly last: number;
}

/** What of a signal is searched, and how far. */
export interface SearchOptions {
  /** `[(positions − 1) · stride + length, channels]` */
  readonly signal: Float32Array;
  readonly positions: number;
  /** Where the search begins, and what is held beside the stretch: positions count from its first one. */
  readonly known: CodeEntries;
  /** In parts of the weight, > 0. */
  readonly tolerance: number;
  readonly maxUpdates: number;
}

/**
 * The best code of a stretch by greedy coordinate descent: `assembly/sparse-code/search.ts`.
 *
 * @param tables made on the wasm backend in use
 */
export function searchStretch(tables: HeapTables, options: SearchOptions): SearchedStretch {
  const { signal, positions, known, tolerance } = options;
  const maxUpdates = Math.min(options.maxUpdates, 2 ** 31 - 1);
  return withStretch(
    tables,
    [signal, known.positions, known.atoms, known.values],
    (compiled, space) => compiled.searchStretchBytes(space, positions),
    ({ compiled, space, arrays, work, numbers, events }) => {
      const [signalAt, knownAt] = arrays as [number, number];
      const count = known.positions.length;
      compiled.searchStretch(space, signalAt, positions, knownAt, count, tolerance, maxUpdates, work);
      const { whole, real } = numbers();
      const [found, updates, first, last] = whole as unknown as [number, number, number, number];
      return {
        ...events(found, positions * tables.tables.atoms),
        updates,
        first,
        last,
        violation: real[4]!,
      };
    },
  );
}
