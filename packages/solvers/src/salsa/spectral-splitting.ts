import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@unrolled/backend';
import type { SolvableOperator } from '@unrolled/contracts';
import { spectralFactor } from '@unrolled/operators';
import type { Splitting } from './splitting.ts';

/**
 * S for every μ at once, and another one for every example, which an adaptive penalty needs: with a `factor` W of Aᵀ A = Wᵀ W whose
 * rows are orthogonal, of squared norms λ,
 *
 *     S q = (q − Wᵀ (W q / (μ + λ))) / μ
 */
export const spectralSplitting: Splitting = {
  parameters: async (operator) => {
    const matrix = await (operator as SolvableOperator).matrix();
    try {
      return { factor: await spectralFactor(matrix) };
    } finally {
      matrix.dispose();
    }
  },
  bind: (parameters, operator) => {
    const factor = parameters['factor']!;
    const transposed = tf.transpose(factor);
    const eigenvalues = tf.sum(tf.square(factor), 1);
    return {
      analyse: (y) => operator.adjoint(y),
      solve: (q, penalty) => {
        const inner = tf.div(matMul(q, transposed), tf.add(penalty, eigenvalues));
        return tf.div(tf.sub(q, matMul(inner, factor)), penalty);
      },
    };
  },
};
