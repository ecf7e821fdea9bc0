import type { Random } from '@unrolled/contracts';

/** A stretch of a recording: samples start … end − 1. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

/** Numbers that are learned from: 35 s of a tetrode at 15 kHz, 3.5 min of a channel at 10 kHz. */
const BUDGET = 2 ** 21;

/** A piece is this many templates long: its ends, where templates do not fit, are then of no account. */
const TEMPLATES = 256;

/**
 * Where to learn from: stretches drawn at random from the whole recording, none twice, as many as fit into memory. Of a short
 * recording these are all of it; of one of hours, the same amount of work.
 *
 * @param length samples of a template
 */
export function trainingPieces(
  { samples, channels }: { readonly samples: number; readonly channels: number },
  length: number,
  random: Random,
): Piece[] {
  const size = Math.min(samples, TEMPLATES * length);
  const pieces = Array.from({ length: Math.max(1, Math.floor(samples / size)) }, (_, index) => ({
    start: index * size,
    end: (index + 1) * size,
  }));
  // What is left over belongs to the last piece.
  pieces[pieces.length - 1] = { start: pieces[pieces.length - 1]!.start, end: samples };
  const most = Math.max(1, Math.floor(BUDGET / (size * channels)));
  return Array.from(random.permutation(pieces.length))
    .slice(0, most)
    .sort((a, b) => a - b)
    .map((index) => pieces[index]!);
}
