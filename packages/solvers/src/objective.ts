import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Problem } from '@unrolled/contracts';

/**
 * What a problem asks to be made small, for every example of a batch:
 *
 *     F(x) = −log p(y | A x) + Φ(x)
 *
 * A prior that depends on the data has to be bound to them already (`prior.bind`).
 *
 * @param problem operator A, prior Φ, likelihood p
 * @param y signals `[batch, …]`
 * @param x codes `[batch, …]`
 * @returns `[batch]`, a fresh tensor; +∞ where a code lies outside the domain of an indicator
 */
export function objective(problem: Problem, y: Tensor, x: Tensor): Tensor {
  return tf.tidy(() =>
    tf.add(problem.likelihood.negLogLik(y, problem.operator.apply(x)), problem.prior.value(x)),
  );
}

/** The problem for these data: a prior that depends on them is bound to them. Belongs to the caller's scope. */
export function problemFor<Q extends Problem>(problem: Q, y: Tensor): Q {
  const prior = problem.prior.bind?.(y, problem.operator);
  return prior ? { ...problem, prior } : problem;
}
