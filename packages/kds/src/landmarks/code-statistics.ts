import type { HostExamples } from '@unrolled/unroll';
import { exampleAt } from '../examples.ts';
import type { SparseCodes } from '../sparse-codes.ts';

/** What the best landmarks need to know of examples and their codes, added up over both, in float64. */
export interface CodeStatistics {
  readonly features: number;
  readonly atoms: number;
  examples: number;
  /** X 1: how much of all codes is an atom's, `[atoms]`. */
  readonly masses: Float64Array;
  /** X Xᵀ `[atoms, atoms]`. */
  readonly gram: Float64Array;
  /** X Yᵀ `[atoms, features]`. */
  readonly products: Float64Array;
}

export function noStatistics(features: number, atoms: number): CodeStatistics {
  return {
    features,
    atoms,
    examples: 0,
    masses: new Float64Array(atoms),
    gram: new Float64Array(atoms * atoms),
    products: new Float64Array(atoms * features),
  };
}

/** Adds examples and their codes. Codes are sparse: it costs examples · entries · (entries + features). */
export function addCodes(statistics: CodeStatistics, examples: HostExamples, codes: SparseCodes): void {
  const { features, atoms: size, masses, gram, products } = statistics;
  const { starts, atoms, values } = codes;
  for (let index = 0; index < codes.examples; index++) {
    const example = exampleAt(examples, index);
    for (let entry = starts[index]!; entry < starts[index + 1]!; entry++) {
      const atom = atoms[entry]!;
      const value = values[entry]!;
      masses[atom]! += value;
      for (let other = starts[index]!; other < starts[index + 1]!; other++)
        gram[atom * size + atoms[other]!]! += value * values[other]!;
      const row = atom * features;
      for (let feature = 0; feature < features; feature++)
        products[row + feature]! += value * example[feature]!;
    }
  }
  statistics.examples += codes.examples;
}
