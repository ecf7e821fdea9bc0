import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Operator } from '@unrolled/contracts';
import { besideExamples, sumExamples } from '../batch.ts';
import type { Splitting } from './splitting.ts';

/**
 * S q by so many steps of conjugate gradients on (μI + AᵀA) x = q, from the x before. It takes any operator and has no parameters;
 * gradients go through the steps. Their error shrinks by (√κ − 1)/(√κ + 1) a step, κ ≤ 1 + ‖A‖²/μ, and as every x starts from the
 * last one it vanishes in the limit.
 *
 * @see Hestenes & Stiefel 1952
 */
export function conjugateGradientSplitting(steps: number): Splitting {
  return {
    parameters: async () => ({}),
    bind: (_, operator) => ({
      analyse: (y) => operator.adjoint(y),
      solve: (q, penalty, last) => conjugateGradients(q, penalty, last, operator, steps),
    }),
  };
}

function conjugateGradients(
  q: Tensor,
  penalty: Tensor,
  start: Tensor,
  operator: Operator,
  steps: number,
): Tensor {
  const normal = (x: Tensor): Tensor => tf.add(tf.mul(penalty, x), operator.adjoint(operator.apply(x)));
  const product = (a: Tensor, b: Tensor): Tensor => besideExamples(sumExamples(tf.mul(a, b)), a.rank);
  let x = start;
  let residual = tf.sub(q, normal(x));
  let direction = residual;
  let size = product(residual, residual);
  for (let step = 0; step < steps; step++) {
    const image = normal(direction);
    const length = quotient(size, product(direction, image));
    x = tf.add(x, tf.mul(length, direction));
    residual = tf.sub(residual, tf.mul(length, image));
    const next = product(residual, residual);
    direction = tf.add(residual, tf.mul(quotient(next, size), direction));
    size = next;
  }
  return x;
}

/** a / b, and 0 where b is 0: an example that is solved stays where it is, with a gradient that is finite. */
const quotient = (a: Tensor, b: Tensor): Tensor => tf.div(a, tf.add(b, tf.sub(1, tf.step(b))));
