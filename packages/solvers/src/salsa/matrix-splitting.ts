import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@unrolled/backend';
import type { SolvableOperator } from '@unrolled/contracts';
import type { Splitting } from './splitting.ts';

/**
 * S as a matrix: `splitting` S `[atoms, atoms]` and `analysis` W_e `[atoms, features]`, in the paper's orientation, x = S q and
 * q = W_e y. Codes are rows, so each is transposed, once a forward pass: S is symmetric only until it is trained.
 */
export const matrixSplitting: Splitting = {
  parameters: async (operator, penalty) => {
    const dense = operator as SolvableOperator;
    const [atoms, factored] = await Promise.all([dense.matrix(), dense.solveRegularized(penalty)]);
    const analysis = tf.transpose(atoms);
    const splitting = factored.matrix();
    atoms.dispose();
    factored.dispose();
    return { analysis, splitting };
  },
  bind: (parameters) => {
    const analysis = tf.transpose(parameters['analysis']!);
    const splitting = tf.transpose(parameters['splitting']!);
    return { analyse: (y) => matMul(y, analysis), solve: (q) => matMul(q, splitting) };
  },
};
