import * as tf from '@tensorflow/tfjs-core';
import type { NdArray } from '@unrolled/formats';
import { ndArray } from '@unrolled/formats';
import { gaussian } from '@unrolled/likelihoods';
import { dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista, maxIterations, relativeChange, solve } from '@unrolled/solvers';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** What a level's codes are made with. */
export interface CodeSettings {
  /** λ of the lasso that finds the support. */
  readonly weight: number;
  /** Entries of a smaller magnitude are taken for zeros. */
  readonly threshold: number;
}

/**
 * Codes for the next level: the support by the lasso, small entries dropped, and the values by least squares on what is left. The
 * lasso's shrinkage and its small spurious entries would be data to the level above, and destroy it.
 *
 * @returns `[examples, atoms]`
 */
export async function debiasedCodes(
  examples: NdArray<'float32'>,
  atoms: NdArray<'float32'>,
  settings: CodeSettings,
): Promise<NdArray<'float32'>> {
  const y = tf.tensor(examples.data, [...examples.shape]);
  const d = tf.tensor(atoms.data, [...atoms.shape]);
  const prior = l1(settings.weight);
  try {
    const { code } = await solve(
      fista({ operator: dense(d), prior, likelihood: gaussian() }, { restart: 'gradient' }),
      y,
      {
        stop: [relativeChange(1e-5), maxIterations(2000)],
      },
    );
    const values = (await code.data()) as Float32Array;
    code.dispose();
    return ndArray(leastSquares(examples, atoms, { values, threshold: settings.threshold }), [
      examples.shape[0]!,
      atoms.shape[1]!,
    ]);
  } finally {
    tf.dispose([y, d, prior.parameters]);
  }
}

/** For every example the least-squares values on the entries above the threshold, in float64. */
function leastSquares(
  examples: NdArray<'float32'>,
  atoms: NdArray<'float32'>,
  found: { readonly values: Float32Array; readonly threshold: number },
): Float32Array {
  const [count, features] = examples.shape as [number, number];
  const width = atoms.shape[1]!;
  const d = Matrix.from1DArray(features, width, Array.from(atoms.data));
  const gram = d.transpose().mmul(d);
  const inner = Matrix.from1DArray(count, features, Array.from(examples.data)).mmul(d);
  const codes = new Float32Array(count * width);
  for (let example = 0; example < count; example++) {
    const row = found.values.subarray(example * width, (example + 1) * width);
    // More entries than features have no unique values: the largest are kept.
    const support = [...row.keys()]
      .filter((atom) => Math.abs(row[atom]!) > found.threshold)
      .sort((a, b) => Math.abs(row[b]!) - Math.abs(row[a]!))
      .slice(0, features);
    if (support.length === 0) continue;
    const system = gram.selection(support, support);
    // A millionth of the diagonal, for atoms that are nearly the same.
    for (let i = 0; i < support.length; i++) system.set(i, i, system.get(i, i) * (1 + 1e-6));
    const right = Matrix.columnVector(support.map((atom) => inner.get(example, atom)));
    const values = new CholeskyDecomposition(system).solve(right).to1DArray();
    for (const [index, atom] of support.entries()) codes[example * width + atom] = values[index]!;
  }
  return codes;
}
