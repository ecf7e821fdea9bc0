import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Named, requirePositive, UnrolledError } from '@unrolled/contracts';
import { sumExamples } from '../batch.ts';
import type { StopRule } from './rule.ts';

/** Below this a vector counts as zero: the square of it is still a normal float32. */
const SMALLEST = 1e-15;

/**
 * Stops where the two copies of the code agree: ‖x − u‖ ≤ tolerance · max(‖x‖, ‖u‖) in every example, x fitting the data and u obeying
 * the prior. Of a splitting algorithm such as `salsa`.
 *
 * @param tolerance a number > 0
 * @throws UNAVAILABLE, when the run begins to measure, where the state has no x, u and d
 * @see Boyd et al. 2011, "Distributed optimization and statistical learning via ADMM", (3.11) and (3.12)
 */
export function primalResidual(tolerance: number): StopRule {
  return relativeToApart('primalResidual', tolerance, ({ x, u }) => tf.maximum(norms(x), norms(u)));
}

/**
 * Stops where the optimality condition holds: at x the data term has the gradient −μd, at u the prior has the subgradient
 * μ(x + d − u), and their sum is μ(x − u), so
 *
 *     ‖x − u‖ ≤ tolerance · ‖d‖      in every example,
 *
 * which is the dual residual beside the size of the gradient, μ cancelled.
 *
 * @param tolerance a number > 0
 * @throws UNAVAILABLE, when the run begins to measure, where the state has no x, u and d
 * @see Boyd et al. 2011, (3.11) and (3.12)
 */
export function dualResidual(tolerance: number): StopRule {
  return relativeToApart('dualResidual', tolerance, ({ d }) => norms(d));
}

function relativeToApart(
  name: string,
  tolerance: number,
  scaleOf: (state: Named<'x' | 'u' | 'd'>) => Tensor,
): StopRule {
  requirePositive(name, tolerance);
  return Object.freeze<StopRule>({
    name,
    begin: () => ({
      tolerance,
      measure: (_code: Tensor, _previous: Tensor, state: Named) => {
        const { x, u, d } = requireSplit(name, state);
        return tf.max(tf.div(norms(tf.sub(x, u)), tf.maximum(scaleOf({ x, u, d }), SMALLEST)));
      },
    }),
  });
}

function requireSplit(name: string, { x, u, d }: Named): Named<'x' | 'u' | 'd'> {
  if (x && u && d) return { x, u, d };
  throw new UnrolledError('UNAVAILABLE', `${name}: expected an iteration with a state of x, u and d`);
}

const norms = (x: Tensor): Tensor => tf.sqrt(sumExamples(tf.square(x)));
