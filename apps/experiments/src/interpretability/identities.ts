import { median } from '../markdown.ts';
import { relative } from './learn.ts';
import { columnOf, type Reading, rowOf } from './reading.ts';

/** How exactly the network's pictures are what the training digits make them; relative distances. */
export interface Identities {
  /** D of the network and X G Zᵀ; then atom by atom. */
  readonly dictionary: number;
  readonly atoms: Middle;
  /** D z of the network and X β, test digit by test digit. */
  readonly reconstructions: Middle;
  /** How many training digits make up half of Σ |β|, of a test digit's reconstruction, and half of Σ |G w| of an atom: medians. */
  readonly half: { readonly atom: number; readonly reconstruction: number };
  /** Entries that are not zero, as a share; atoms that no training digit uses. */
  readonly density: number;
  readonly unused: number;
  /** ‖x − x̂‖ / ‖x‖ of test digits, the median. */
  readonly error: number;
}

export interface Middle {
  readonly median: number;
  readonly most: number;
}

/** Measures both relations on a learned dictionary and on digits that it has not seen. */
export function measureIdentities({
  made,
  atoms,
  codes,
  testCodes,
  reconstructions,
  digits,
}: Reading): Identities {
  const best = made.dictionary();
  const each = Array.from({ length: made.atoms }, (_, atom) => atom);
  const used = each.filter((atom) => columnOf(codes.data, made.atoms, atom).some((value) => value !== 0));
  const tests = Array.from({ length: testCodes.shape[0]! }, (_, index) => index).filter((index) =>
    Array.from(rowOf(testCodes, index)).some((value) => value !== 0),
  );
  const found = tests.map((index) => {
    const code = rowOf(testCodes, index);
    const picture = rowOf(reconstructions, index);
    return {
      off: relative(picture, made.reconstruct(code)),
      half: halfOf(made.reconstructionWeights(code)),
      error: relative(picture, rowOf(digits.test.pictures, index)),
    };
  });
  return {
    dictionary: relative(atoms, best),
    atoms: middleOf(
      used.map((atom) => relative(columnOf(atoms, made.atoms, atom), columnOf(best, made.atoms, atom))),
    ),
    reconstructions: middleOf(found.map(({ off }) => off)),
    half: {
      atom: median(used.map((atom) => halfOf(made.atomWeights(atom)))),
      reconstruction: median(found.map(({ half }) => half)),
    },
    density: Array.from(codes.data).filter((value) => value !== 0).length / codes.data.length,
    unused: made.atoms - used.length,
    error: median(found.map(({ error }) => error)),
  };
}

const middleOf = (values: readonly number[]): Middle => ({
  median: median(values),
  most: Math.max(...values),
});

/** The fewest weights that add up to half of all, by magnitude. */
function halfOf(weights: Float64Array): number {
  const sizes = weights.map(Math.abs).sort().reverse();
  const half = sizes.reduce((sum, size) => sum + size, 0) / 2;
  let sum = 0;
  return (
    sizes.findIndex((size) => {
      sum += size;
      return sum >= half;
    }) + 1
  );
}
