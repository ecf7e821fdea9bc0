import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@unrolled/backend';
import type { SolvableOperator } from '@unrolled/contracts';
import type { Splitting } from './splitting.ts';

/**
 * S as a solve, by its `factor` F, made in float64: S q = Fᵀ F q (Cholesky), or (q − Fᵀ F q)/μ with fewer features than atoms
 * (Woodbury), which costs 2·features·atoms in place of atoms².
 */
export const factoredSplitting: Splitting = {
  parameters: async (operator, penalty) => {
    const factored = await (operator as SolvableOperator).solveRegularized(penalty);
    const factor = factored.factor();
    factored.dispose();
    return { factor };
  },
  bind: (parameters, operator) => {
    const factor = parameters['factor']!;
    const [rows, atoms] = factor.shape as [number, number];
    const transposed = tf.transpose(factor);
    return {
      analyse: (y) => operator.adjoint(y),
      solve: (q, penalty) => {
        const product = matMul(matMul(q, transposed), factor);
        return rows < atoms ? tf.div(tf.sub(q, product), penalty) : product;
      },
    };
  },
};
