import { refuse, requireShape } from '@unrolled/contracts';
import { type Dictionary, type DictionaryError, dictionaryError } from '@unrolled/metrics';

/**
 * The error of every level of a learned hierarchy. A level is known up to the order, the signs and the scales of its atoms, and these
 * turn up again as the rows of the next level, A^l P and P⁻¹ A^{l+1}: the matching of a level is applied to the one above before it is
 * compared.
 *
 * @param truth A¹ `[features, atoms]`, A² `[atoms of A¹, atoms]`, …
 * @param learned as many, of the same features; numbers of atoms may differ, a true atom that has no partner has the error 1
 * @returns one error a level
 * @throws INVALID_SHAPE where the levels do not fit together
 * @example hierarchyError(dictionaries, learned.dictionaries).map(({ mean }) => mean);
 */
export function hierarchyError(
  truth: readonly Dictionary[],
  learned: readonly Dictionary[],
): readonly DictionaryError[] {
  if (truth.length === 0 || truth.length !== learned.length)
    refuse('learned', learned.length, `${truth.length} levels, at least one`);
  let below: DictionaryError | undefined;
  return truth.map((level, index) => {
    const mine = learned[index]!;
    if (index > 0)
      requireShape(
        `learned[${index}]`,
        [mine.shape[0]!],
        [learned[index - 1]!.shape[1]!],
        'a row an atom of the level below',
      );
    below = dictionaryError(level, below ? reordered(mine, below) : mine, { shifts: false });
    return below;
  });
}

/** The rows of a level in the order and with the signs of the true atoms below; rows without a partner are zero. */
function reordered({ data, shape }: Dictionary, { matches, signs }: DictionaryError): Dictionary {
  const columns = shape[1]!;
  const values = new Float64Array(matches.length * columns);
  for (const [row, match] of matches.entries()) {
    if (match < 0) continue;
    for (let column = 0; column < columns; column++)
      values[row * columns + column] = signs[row]! * data[match * columns + column]!;
  }
  return { data: values, shape: [matches.length, columns] };
}
