import { type NdArray, ndArray } from '@unrolled/formats';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { type CodeSettings, debiasedCodes } from './codes.ts';

/**
 * Rounds of codes without bias and the dictionary that is best for them, in float64:
 *
 *     X ← least squares on the supports of the lasso,   A ← Y Xᵀ (X Xᵀ)⁻¹, columns scaled to unit norm
 *
 * Atoms that minimise a lasso objective are a little off, because its codes are: what is learned from those codes in the level above
 * would be off by more.
 *
 * @returns the atoms, and their codes
 */
export async function refine(
  examples: NdArray<'float32'>,
  first: NdArray<'float32'>,
  { rounds, ...settings }: CodeSettings & { readonly rounds: number },
): Promise<{ readonly atoms: NdArray<'float32'>; readonly code: NdArray<'float32'> }> {
  let atoms = first;
  let code = await debiasedCodes(examples, atoms, settings);
  for (let round = 0; round < rounds; round++) {
    atoms = bestAtoms(examples, code, atoms);
    code = await debiasedCodes(examples, atoms, settings);
  }
  return { atoms, code };
}

/** Y Xᵀ (X Xᵀ)⁻¹ with columns of unit norm; an atom that no code uses stays as it is. */
function bestAtoms(
  examples: NdArray<'float32'>,
  code: NdArray<'float32'>,
  before: NdArray<'float32'>,
): NdArray<'float32'> {
  const [features, width] = before.shape as [number, number];
  const y = Matrix.from1DArray(examples.shape[0]!, features, Array.from(examples.data));
  const x = Matrix.from1DArray(examples.shape[0]!, width, Array.from(code.data));
  const gram = x.transpose().mmul(x);
  const used = Array.from({ length: width }, (_, atom) => gram.get(atom, atom) > 0);
  // A billionth of the mean use: atoms that always come together have no unique parts.
  const ridge = (1e-9 * gram.trace()) / width + Number.MIN_VALUE;
  for (let atom = 0; atom < width; atom++)
    gram.set(atom, atom, gram.get(atom, atom) + (used[atom] ? ridge : 1));
  const solved = new CholeskyDecomposition(gram).solve(x.transpose().mmul(y));
  const atoms = Float32Array.from(before.data);
  for (let atom = 0; atom < width; atom++) {
    const row = solved.getRow(atom);
    const norm = Math.hypot(...row);
    if (!used[atom] || norm === 0) continue;
    for (let feature = 0; feature < features; feature++) atoms[feature * width + atom] = row[feature]! / norm;
  }
  return ndArray(atoms, [features, width]);
}
