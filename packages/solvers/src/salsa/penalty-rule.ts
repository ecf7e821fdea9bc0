import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { refuse, requireInteger, requireKnownOptions, requirePositive } from '@unrolled/contracts';

/**
 * By what μ is multiplied after step t (from 1), example by example: `[batch]`, a fresh tensor of numbers > 0 that are 1 from
 * some step on, for else nothing converges.
 *
 * @param primal ‖x_t − u_t‖ of every example, `[batch]`
 * @param dual μ‖x_t − x_{t−1}‖ of every example, `[batch]`
 */
export type PenaltyRule = (primal: Tensor, dual: Tensor, t: number) => Tensor;

/** Options of {@link residualBalancing}. */
export interface ResidualBalancingOptions {
  /** How many times larger one residual must be than the other; default 10. */
  readonly ratio?: number;
  /** By what μ is multiplied or divided; default 2. */
  readonly factor?: number;
  /** μ stays what it is after so many steps; default 100. */
  readonly until?: number;
}

/**
 * Keeps the two residuals of SALSA within a factor of each other: μ grows where x and u differ too much, and shrinks where they move
 * too much. It makes the number of steps depend little on the first μ; the limit is the same.
 *
 * @throws INVALID_ARGUMENT for a ratio or factor that is not > 1, or `until` that is no whole number
 * @example
 * const iteration = salsa(problem, { form: 'solve', adapt: residualBalancing() });
 * @see Boyd et al. 2011, "Distributed optimization and statistical learning via ADMM", (3.13)
 */
export function residualBalancing(options: ResidualBalancingOptions = {}): PenaltyRule {
  requireKnownOptions('residualBalancing', options, ['ratio', 'factor', 'until']);
  const { ratio = 10, factor = 2, until = 100 } = options;
  for (const [name, value] of Object.entries({ ratio, factor }))
    if (requirePositive(name, value) <= 1) refuse(name, value, 'a number > 1');
  requireInteger('until', until, 0);
  return (primal, dual, t) =>
    tf.tidy(() => {
      if (t > until) return tf.onesLike(primal);
      const grow = tf.step(tf.sub(primal, tf.mul(ratio, dual)));
      const shrink = tf.step(tf.sub(dual, tf.mul(ratio, primal)));
      return tf.add(1, tf.add(tf.mul(factor - 1, grow), tf.mul(1 / factor - 1, shrink)));
    });
}
