import { requireNonNegative } from '@unrolled/contracts';
import type { Dictionary } from '@unrolled/metrics';

/** How sparse codes, or the atoms of a dictionary, are. */
export interface Sparsity {
  /** Entries that are not zero: the mean over the codes (atoms). */
  readonly mean: number;
  /** The most that any code (atom) has. */
  readonly most: number;
  /** The share of all entries that is not zero. */
  readonly density: number;
}

/**
 * The sparsity of every level's codes. The talk's prediction: since x^{l−1} = A^l x^l with s entries in a column of A^l, there are at
 * most s times as many entries below as above. Counts can only grow downwards.
 *
 * @param codes `[examples, atoms]`, level by level
 * @param threshold entries of at most this magnitude count as zeros; default 0
 * @example codeSparsity(codes).map(({ mean }) => mean);
 */
export const codeSparsity = (codes: readonly Dictionary[], threshold = 0): readonly Sparsity[] =>
  codes.map(({ data, shape }) => sparsityOf(data, shape[0]!, shape[1]!, threshold));

/**
 * The sparsity of receptive fields: of the columns of every dictionary, from the data upwards. The talk's prediction: those of the
 * higher levels are sparse.
 *
 * @param dictionaries A¹ `[features, atoms]`, A², …
 * @param threshold relative to the largest entry of a column; default 0
 * @example receptiveFieldSparsity(dictionaries, 0.05).map(({ mean }) => mean);
 */
export const receptiveFieldSparsity = (
  dictionaries: readonly Dictionary[],
  threshold = 0,
): readonly Sparsity[] =>
  dictionaries.map(({ data, shape }) => {
    const [rows, columns] = shape as [number, number];
    const byColumn = Float64Array.from(
      { length: rows * columns },
      (_, index) => data[(index % rows) * columns + Math.floor(index / rows)]!,
    );
    for (let column = 0; column < columns; column++) {
      const field = byColumn.subarray(column * rows, (column + 1) * rows);
      const largest = field.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      if (largest > 0) for (const [row, value] of field.entries()) field[row] = value / largest;
    }
    return sparsityOf(byColumn, columns, rows, threshold);
  });

function sparsityOf(data: ArrayLike<number>, rows: number, columns: number, threshold: number): Sparsity {
  requireNonNegative('threshold', threshold);
  let total = 0;
  let most = 0;
  for (let row = 0; row < rows; row++) {
    let count = 0;
    for (let column = 0; column < columns; column++)
      if (Math.abs(data[row * columns + column]!) > threshold) count++;
    total += count;
    most = Math.max(most, count);
  }
  return { mean: total / rows, most, density: total / (rows * columns) };
}
