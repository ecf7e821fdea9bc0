import { eventStore } from './events.ts';
import type { SparseCode } from './sparse-solver.ts';
import type { StretchEncoder, StretchSearch } from './stretch.ts';

/** The code of one signal, and how it was found. */
export interface Found {
  readonly events: SparseCode;
  readonly violation: number;
  readonly updates: number;
}

/**
 * Works through the positions of a signal, and tells after every window how many are done.
 *
 * @param measure whether the violation is wanted, where it takes time
 */
export type Pass = (
  signal: Float32Array,
  positions: number,
  measure: boolean,
) => Generator<number, Found, void>;

/**
 * Window by window with a halo on both sides: T iterations reach T·`reach` positions far, so that the entries within are
 * those of the whole signal.
 *
 * @param halo positions on either side
 */
export function haloPass(encoder: StretchEncoder, halo: number): Pass {
  // Where the cache is small beside the halo, what is computed twice costs more than what does not fit.
  const width = Math.max(encoder.capacity - 2 * halo, 8 * halo, 1);
  return function* pass(signal, positions, measure) {
    const store = eventStore();
    let [violation, updates] = [0, 0];
    for (let from = 0; from < positions; from += width) {
      const kept = { from, to: Math.min(positions, from + width), measure };
      const stretch = { signal, from: Math.max(0, from - halo), to: Math.min(positions, kept.to + halo) };
      const found = encoder.encode(stretch, kept);
      store.replace(kept.from, kept.to, found.events);
      violation = Math.max(violation, found.violation);
      updates += found.updates;
      yield kept.to;
    }
    return { events: store.all(), violation, updates };
  };
}

/** How often seams are searched again behind one window, before they are left as they are. */
const MOST_REPAIRS = 100;

/** How windows are searched. */
export interface SeamOptions {
  /** How many positions apart entries interact. */
  readonly reach: number;
  /** In one window. */
  readonly maxUpdates: number;
  /** Positions that two windows share. Default 8 times the reach: repairs are then rare even where codes are dense. */
  readonly overlap?: number;
}

/**
 * Window by window from left to right, each beginning where the last one could not see far enough. What a search changes
 * near an edge is felt beyond it: then the positions around that edge are searched again, until nothing near any edge
 * changes. So every entry meets the tolerance in the light of all others, as if there were no windows.
 */
export function seamPass(
  searcher: StretchSearch,
  { reach, maxUpdates, overlap = 8 * reach }: SeamOptions,
): Pass {
  const width = Math.max(searcher.capacity, 4 * overlap, 1);
  return function* pass(signal, positions) {
    const store = eventStore();
    let [violation, updates, solved] = [0, 0, 0];

    /** Searches from here to there; gives the edges beyond which that is felt. */
    const search = (from: number, to: number, limit: number): number[] => {
      const known = store.between(from - reach, to + reach);
      const found = searcher.search({ signal, from, to }, known, limit);
      store.replace(from, to, found.events);
      updates += found.updates;
      violation = Math.max(violation, found.violation);
      const { first, last } = found.changes;
      if (first > last) return [];
      return [
        ...(from > 0 && first < from + reach ? [from] : []),
        ...(to < solved && last >= to - reach ? [to] : []),
      ];
    };

    for (let from = 0; solved < positions; from = solved - overlap) {
      const to = Math.min(positions, from + width);
      const disturbed = search(from, to, maxUpdates);
      solved = to;
      for (let repairs = 0; disturbed.length > 0; repairs++) {
        const edge = disturbed.pop()!;
        // What is left as it is is measured all the same.
        const limit = repairs < MOST_REPAIRS ? maxUpdates : 0;
        disturbed.push(
          ...search(Math.max(0, edge - 2 * overlap), Math.min(solved, edge + 2 * overlap), limit),
        );
      }
      yield solved;
    }
    return { events: store.all(), violation, updates };
  };
}
