import {
  type Random,
  random,
  refuse,
  requireInteger,
  requireKnownOptions,
  requirePositive,
} from '@unrolled/contracts';
import { type NdArray, ndArray } from '@unrolled/formats';

/** What is simulated; everything has a default. */
export interface HierarchySimulationOptions {
  /** Of a signal; default 40. */
  readonly features?: number;
  /** Atoms of every level, from the data upwards; default [40, 40]. */
  readonly atoms?: readonly number[];
  /** Entries that are not zero in a column of a level above the first; default 2. */
  readonly columnSparsity?: number;
  /** Entries that are not zero in a code of the highest level; default 2. */
  readonly active?: number;
  /** Default 1000. */
  readonly examples?: number;
  /** Dictionaries above the first, and codes, are ≥ 0. Default false. */
  readonly nonNegative?: boolean;
  /** A whole number ≥ 0; default 0. */
  readonly seed?: number;
}

/** Signals, the dictionaries that made them and the codes of all levels. */
export interface HierarchySimulation {
  /** y = A¹ A² … A^L x^L, `[examples, features]`. */
  readonly signals: NdArray<'float32'>;
  /** A¹ `[features, atoms[0]]`, A² `[atoms[0], atoms[1]]`, …: columns of unit norm. */
  readonly dictionaries: readonly NdArray<'float32'>[];
  /** x¹ `[examples, atoms[0]]`, x² …: x^{l−1} = A^l x^l. */
  readonly codes: readonly NdArray<'float32'>[];
}

const known = ['features', 'atoms', 'columnSparsity', 'active', 'examples', 'nonNegative', 'seed'];

/**
 * Simulates a hierarchy of dictionaries, without noise: the first one Gaussian, the others with `columnSparsity` entries ±1/√s in a
 * column, the deepest codes with `active` entries of magnitude 1 to 2. Rows of the sparse dictionaries are used evenly, so that every
 * atom of a level is seen, and no two columns have the same rows as long as there are others.
 *
 * @throws where an option is out of range, or unknown
 * @example const { signals, dictionaries } = simulateHierarchy({ atoms: [40, 30], examples: 2000, seed: 1 });
 */
export function simulateHierarchy(options: HierarchySimulationOptions = {}): HierarchySimulation {
  requireKnownOptions('options', options, known);
  const { nonNegative = false, atoms = [40, 40] } = options;
  const features = requireInteger('features', options.features ?? 40);
  const columnSparsity = requireInteger('columnSparsity', options.columnSparsity ?? 2);
  const active = requireInteger('active', options.active ?? 2);
  const examples = requireInteger('examples', options.examples ?? 1000);
  if (!Array.isArray(atoms) || atoms.length === 0)
    refuse('atoms', atoms, 'a number of atoms for every level');
  for (const count of atoms) requirePositive('atoms', requireInteger('atoms', count));
  if (active > atoms.at(-1)!)
    refuse('active', active, `at most the ${atoms.at(-1)} atoms of the highest level`);
  if (columnSparsity > Math.min(...atoms.slice(0, -1)))
    refuse('columnSparsity', columnSparsity, 'at most the atoms of every level below the highest');
  const root = random(options.seed ?? 0);

  const dictionaries = atoms.map((count, level) => {
    const rows = level === 0 ? features : atoms[level - 1]!;
    const draw = root.split(`dictionary ${level}`);
    const values =
      level === 0 ? gaussian(rows, count, draw) : sparse(rows, count, { columnSparsity, nonNegative, draw });
    return ndArray(values, [rows, count]);
  });
  const draw = root.split('codes');
  const deepest = new Float32Array(examples * atoms.at(-1)!);
  for (let example = 0; example < examples; example++)
    for (const atom of draw.permutation(atoms.at(-1)!).slice(0, active))
      deepest[example * atoms.at(-1)! + atom] = draw.uniform(1, 2) * (nonNegative ? 1 : signOf(draw));
  const codes = [ndArray(deepest, [examples, atoms.at(-1)!])];
  for (let level = atoms.length - 1; level > 0; level--)
    codes.unshift(times(codes[0]!, dictionaries[level]!));
  return { signals: times(codes[0]!, dictionaries[0]!), dictionaries, codes };
}

const signOf = (draw: Random): number => (draw.bits() & 1 ? 1 : -1);

function gaussian(rows: number, columns: number, draw: Random): Float32Array {
  const values = Float32Array.from({ length: rows * columns }, () => draw.normal());
  for (let column = 0; column < columns; column++) {
    const norm = Math.hypot(...Array.from({ length: rows }, (_, row) => values[row * columns + column]!));
    for (let row = 0; row < rows; row++) values[row * columns + column]! /= norm;
  }
  return values;
}

/**
 * Rows are dealt like cards: none is used twice before all are used once, but where that would deal a column the rows of another one. Two
 * columns of the same rows may be one and the same, and could not be told apart.
 */
function sparse(
  rows: number,
  columns: number,
  options: { readonly columnSparsity: number; readonly nonNegative: boolean; readonly draw: Random },
): Float32Array {
  const { columnSparsity, nonNegative, draw } = options;
  const values = new Float32Array(rows * columns);
  let deck: number[] = [];
  const dealt = new Set<string>();
  for (let column = 0; column < columns; column++) {
    let chosen = new Set<number>();
    while (chosen.size < columnSparsity) {
      if (deck.every((row) => chosen.has(row))) deck = [...draw.permutation(rows)];
      const next = deck.findIndex((row) => !chosen.has(row));
      chosen.add(deck.splice(next, 1)[0]!);
    }
    // As often as is needed to find a free one among few; where there is none, rows are shared.
    for (let turn = 0; turn < 1000 && dealt.has(nameOf(chosen)); turn++)
      chosen = new Set(draw.permutation(rows).slice(0, columnSparsity));
    dealt.add(nameOf(chosen));
    for (const row of chosen)
      values[row * columns + column] = (nonNegative ? 1 : signOf(draw)) / Math.sqrt(columnSparsity);
  }
  return values;
}

const nameOf = (rows: ReadonlySet<number>): string => [...rows].sort((a, b) => a - b).join();

/** x Aᵀ: codes `[examples, atoms]` to signals `[examples, rows of A]`. */
function times(codes: NdArray<'float32'>, dictionary: NdArray<'float32'>): NdArray<'float32'> {
  const [examples, atoms] = codes.shape as [number, number];
  const rows = dictionary.shape[0]!;
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
