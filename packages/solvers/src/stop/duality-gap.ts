import * as tf from '@tensorflow/tfjs-core';
import { requirePositive, UnrolledError } from '@unrolled/contracts';
import { besideExamples } from '../batch.ts';
import { objective } from '../objective.ts';
import type { StopRule } from './rule.ts';

/** Below this the objective at zero counts as zero. */
const SMALLEST = 1e-30;

/**
 * Stops where the duality gap proves how near the optimum is: with r = residual(y, A x) and s = dualScale(Aᵀ r),
 * the point θ = s r is feasible for the dual problem D, and
 *
 *     F(x) − F* ≤ F(x) − D(θ) ≤ tolerance · |F(0)|      in every example.
 *
 * Float32 can tell gaps down to about 1e-6 of F(0) from zero.
 *
 * @param tolerance a number > 0
 * @throws UNAVAILABLE, when the run begins, where the prior has no `dualScale` or the likelihood no `dualValue`
 * @see Mairal 2010, "Sparse coding for machine learning", appendix D; Ndiaye et al. 2017, "Gap safe screening rules", (7)
 */
export function dualityGap(tolerance: number): StopRule {
  requirePositive('dualityGap', tolerance);
  return Object.freeze<StopRule>({
    name: 'dualityGap',
    begin: (problem, y) => {
      const { operator, prior, likelihood } = problem;
      if (!prior.dualScale)
        throw new UnrolledError('UNAVAILABLE', `dualityGap: prior ${prior.name} has no dualScale`);
      if (!likelihood.dualValue) {
        throw new UnrolledError(
          'UNAVAILABLE',
          `dualityGap: the ${likelihood.family} likelihood has no dualValue`,
        );
      }
      const scale = tf.tidy(() =>
        tf.maximum(tf.abs(objective(problem, y, tf.zeros(operator.codeShape(y.shape)))), SMALLEST),
      );
      return {
        tolerance,
        measure: (code: tf.Tensor) => {
          const residual = likelihood.residual(y, operator.apply(code));
          const feasible = tf.mul(
            besideExamples(prior.dualScale!(operator.adjoint(residual)), y.rank),
            residual,
          );
          return tf.max(
            tf.div(tf.sub(objective(problem, y, code), likelihood.dualValue!(y, feasible)), scale),
          );
        },
        dispose: () => scale.dispose(),
      };
    },
  });
}
