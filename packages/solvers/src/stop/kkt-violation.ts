import * as tf from '@tensorflow/tfjs-core';
import { requirePositive, UnrolledError } from '@unrolled/contracts';
import { largestOfExamples } from '../batch.ts';
import type { StopRule } from './rule.ts';

/** Below this a gradient counts as zero. */
const SMALLEST = 1e-30;

/**
 * Stops where the Karush–Kuhn–Tucker conditions hold: with g = −Aᵀ residual(y, A x), the data term's gradient,
 *
 *     max |dist(−g, ∂Φ(x))| ≤ tolerance · max |Aᵀ residual(y, 0)|      in every example.
 *
 * The scale on the right is the smallest ℓ1 weight that makes the code zero, so the tolerance has no unit.
 *
 * @param tolerance a number > 0
 * @throws UNAVAILABLE, when the run begins, where the prior has no `violation` or the residual is not exact
 */
export function kktViolation(tolerance: number): StopRule {
  requirePositive('kktViolation', tolerance);
  return Object.freeze<StopRule>({
    name: 'kktViolation',
    begin: ({ operator, prior, likelihood }, y) => {
      if (!prior.violation) {
        throw new UnrolledError(
          'UNAVAILABLE',
          `kktViolation: prior ${prior.name} has no violation to measure`,
        );
      }
      if (!likelihood.exactResidual) {
        throw new UnrolledError(
          'UNAVAILABLE',
          `kktViolation: the residual of the ${likelihood.family} likelihood is not its gradient`,
        );
      }
      const pull = (x: tf.Tensor) => operator.adjoint(likelihood.residual(y, operator.apply(x)));
      const scale = tf.tidy(() =>
        tf.maximum(largestOfExamples(pull(tf.zeros(operator.codeShape(y.shape)))), SMALLEST),
      );
      return {
        tolerance,
        measure: (code: tf.Tensor) =>
          tf.max(tf.div(largestOfExamples(prior.violation!(code, tf.neg(pull(code)))), scale)),
        dispose: () => scale.dispose(),
      };
    },
  });
}
