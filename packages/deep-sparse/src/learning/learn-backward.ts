import type { HostExamples } from '@unrolled/dictionary-learning';
import { type NdArray, ndArray } from '@unrolled/formats';
import {
  arrayOf,
  type HierarchyLearningOptions,
  type LearnedHierarchy,
  learnLevel,
  requireLevels,
} from './learn-forward.ts';

/**
 * Learns a hierarchy from its top: first the product A¹ A² … A^L with the deepest codes, then its columns, which are sparse combinations
 * of the columns of A¹ … A^{L−1}, are examples in their turn.
 *
 * The examples of a level are the atoms of the one above: there must be more of them than atoms in the level, so that hierarchies that
 * can be learned like this grow upwards. It needs no codes of the lower levels, and no error of theirs goes up.
 *
 * @param examples `[examples, features]`
 * @returns dictionaries from the data upwards; the codes of the examples are those of the highest level, and the others follow from it
 * @throws as `learnForward`
 * @example
 * const { dictionaries } = await learnBackward(signals, { levels: [{ atoms: 20, weight: 0.1 }, { atoms: 60, weight: 0.1 }] });
 * @see Ba, "Deeply-sparse signal representations (DS²P)", IEEE Trans. Signal Processing 68 (2020), the backward algorithm
 */
export async function learnBackward(
  examples: HostExamples,
  options: HierarchyLearningOptions,
): Promise<LearnedHierarchy> {
  const levels = requireLevels('learnBackward', options);
  const top = levels.length - 1;
  const first = await learnLevel(arrayOf(examples), levels[top]!, { index: top, ...options });
  const dictionaries: NdArray<'float32'>[] = [];
  let product = first.atoms;
  for (let index = top - 1; index >= 0; index--) {
    const { atoms, code } = await learnLevel(transposed(product), levels[index]!, { index, ...options });
    // The code of the product's column j is column j of this level's share in it: A^{l+1}.
    dictionaries.unshift(transposed(code));
    product = atoms;
  }
  dictionaries.unshift(product);
  const codes = [first.code];
  for (let index = top; index > 0; index--) codes.unshift(applied(dictionaries[index]!, codes[0]!));
  return Object.freeze({ dictionaries, codes });
}

function transposed({ data, shape }: NdArray<'float32'>): NdArray<'float32'> {
  const [rows, columns] = shape as [number, number];
  return ndArray(
    Float32Array.from(data, (_, index) => data[(index % rows) * columns + Math.floor(index / rows)]!),
    [columns, rows],
  );
}

/** A x of codes `[examples, atoms]`. */
function applied(dictionary: NdArray<'float32'>, codes: NdArray<'float32'>): NdArray<'float32'> {
  const [rows, atoms] = dictionary.shape as [number, number];
  const examples = codes.shape[0]!;
  const signals = new Float32Array(examples * rows);
  for (let example = 0; example < examples; example++)
    for (let atom = 0; atom < atoms; atom++) {
      const value = codes.data[example * atoms + atom]!;
      if (value === 0) continue;
      for (let row = 0; row < rows; row++)
        signals[example * rows + row]! += value * dictionary.data[row * atoms + atom]!;
    }
  return ndArray(signals, [examples, rows]);
}
