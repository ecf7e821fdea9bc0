import type { Events } from './events.ts';

/** Positions `from` to `to` (exclusive) of the code of a signal. */
export interface Stretch {
  /** All of the signal, `[time × channels]`. */
  readonly signal: Float32Array;
  readonly from: number;
  readonly to: number;
}

/** The code of a stretch, and how it was found. */
export interface StretchCode {
  readonly events: Events;
  /** How far the worst entry is from the Karush–Kuhn–Tucker conditions, in parts of its weight. */
  readonly violation: number;
  readonly updates: number;
}

/** What of a stretch is kept: positions `from` to `to` (exclusive). */
export interface Kept {
  readonly from: number;
  readonly to: number;
  /** Measure the violation, 0 otherwise. */
  readonly measure: boolean;
}

/** Computes the code of a stretch on its own: what is not in it counts as zero. */
export interface StretchEncoder {
  /** The most positions that fit its cache. */
  readonly capacity: number;
  encode(stretch: Stretch, kept: Kept): StretchCode;
  dispose(): void;
}

/** The first and the last position of what a search changed; from > to where it changed nothing. */
export interface Changes {
  readonly first: number;
  readonly last: number;
}

/** What a search found. */
export interface SearchedCode extends StretchCode {
  readonly changes: Changes;
}

/** Searches for the best code of a stretch, what is beside it held as it is. */
export interface StretchSearch {
  /** The most positions that fit its cache. */
  readonly capacity: number;
  /**
   * @param known what is known of the code, at least as far as it reaches: held beside the stretch, where the search begins
   *   within it
   * @param maxUpdates after which the stretch is left as it is; 0 measures what is known
   */
  search(stretch: Stretch, known: Events, maxUpdates: number): SearchedCode;
  dispose(): void;
}
