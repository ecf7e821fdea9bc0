/** Deflections that are learned from. More cost time, most of it where spikes collide, and teach little that is new. */
const ENOUGH = 5000;

/**
 * Which of the training pieces are enough where spikes are dense: evenly spaced ones, as many as hold about `ENOUGH` of the
 * deflections found in all. Where spikes are few, all.
 *
 * @returns numbers of pieces, ascending
 */
export function enoughPieces(pieces: number, deflections: number): number[] {
  const kept = Math.max(1, Math.min(pieces, Math.ceil((pieces * ENOUGH) / Math.max(1, deflections))));
  return Array.from({ length: kept }, (_, index) => Math.floor((index * pieces) / kept));
}
