import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { extrapolate, withoutGradient } from '@unrolled/backend';
import type { Named, Problem } from '@unrolled/contracts';
import { besideExamples, sumExamples } from './batch.ts';
import type { Momentum } from './momentum.ts';
import { objective } from './objective.ts';

/**
 * When momentum has overshot and starts again from β = 0, for every example by itself:
 *
 * - `'none'`: never;
 * - `'gradient'`: where the last step points against the momentum, ⟨z_{t−1} − x_t, x_t − x_{t−1}⟩ > 0;
 * - `'monotone'`: where the objective has risen; the code then stays where it was, so that the objective never rises.
 *   Costs a synthesis more a step.
 *
 * @see O'Donoghue & Candès 2015, "Adaptive restart for accelerated gradient schemes", section 3.2
 */
export type Restart = 'none' | 'gradient' | 'monotone';

/** What a restarting iteration carries besides x and z. */
export type RestartState<R extends Restart> =
  | ('gradient' extends R ? 'recency' : never)
  | ('monotone' extends R ? 'recency' | 'objective' : never);

/** Turns a proximal-gradient point into the next state. */
export interface Extrapolation {
  /** The state's entries besides x and z, before the first step. Fresh tensors. */
  start(batch: number): Named;
  /** The next state from the last one and the proximal-gradient point that was reached from its z. Fresh tensors. */
  next(state: Named, point: Tensor, t: number): Named;
}

/** z = x + β_t (x − x_previous), β a number of the host. */
export function plainExtrapolation(momentum: Momentum | undefined): Extrapolation {
  return {
    start: () => ({}),
    next: (state, x, t) => {
      const beta = momentum?.(t) ?? 0;
      return { x, z: beta === 0 ? tf.clone(x) : extrapolate(x, state['x']!, beta) };
    },
  };
}

// How long ago an example restarted is kept as recency = 1/(1 + steps since), because a state holds only what
// converges. The decision itself is piecewise constant, so its derivative is zero: it is taken off the tape, and the
// gradient flows through x and z alone.

const stepsSince = (recency: Tensor): Tensor => tf.sub(tf.floor(tf.add(tf.div(1, recency), 0.5)), 1);

/** β_{steps + 1} of every example out of a table made on the host, and the new recency; both as if just begun where restarted. */
function advance(restarted: Tensor, steps: Tensor, momentum: Momentum, t: number): Named<'beta' | 'recency'> {
  const table = tf.tensor1d(Float32Array.from({ length: t }, (_, index) => momentum(index + 1)));
  const going = tf.sub(1, restarted);
  return {
    beta: tf.mul(going, tf.gather(table, tf.cast(steps, 'int32'))),
    recency: tf.div(1, tf.add(tf.mul(going, tf.add(steps, 1)), tf.add(1, restarted))),
  };
}

const extrapolateEach = (x: Tensor, previous: Tensor, beta: Tensor): Tensor =>
  tf.add(x, tf.mul(besideExamples(beta, x.rank), tf.sub(x, previous)));

/** Restarts by the gradient scheme. */
export function gradientRestart(momentum: Momentum): Extrapolation {
  return {
    start: (batch) => ({ recency: tf.ones([batch]) }),
    next: (state, x, t) => {
      const { beta, recency } = withoutGradient(() =>
        tf.tidy(() => {
          const overshoot = sumExamples(tf.mul(tf.sub(state['z']!, x), tf.sub(x, state['x']!)));
          const restarted = tf.cast(tf.greater(overshoot, 0), 'float32');
          return advance(restarted, stepsSince(state['recency']!), momentum, t);
        }),
      );
      return { x, z: extrapolateEach(x, state['x']!, beta), recency };
    },
  };
}

/** Restarts where the objective has risen, and stays where it was. */
export function monotoneRestart(momentum: Momentum, problem: Problem, y: Tensor): Extrapolation {
  return {
    // The first objective is never compared: the step that follows a restart is a plain descent step, always taken.
    start: (batch) => ({ recency: tf.ones([batch]), objective: tf.zeros([batch]) }),
    next: (state, point, t) => {
      const decided = withoutGradient(() =>
        tf.tidy(() => {
          const steps = stepsSince(state['recency']!);
          const before = state['objective']!;
          const reached = objective(problem, y, point);
          const extrapolated = tf.cast(tf.greater(steps, 1), 'float32');
          const rejected = tf.mul(extrapolated, tf.cast(tf.greater(reached, before), 'float32'));
          const kept = tf.where(tf.greater(rejected, 0), before, reached);
          return { rejected, objective: kept, ...advance(rejected, steps, momentum, t) };
        }),
      );
      const rejected = besideExamples(decided.rejected, point.rank);
      // Exact, because the factors are 0 and 1.
      const x = tf.add(tf.mul(tf.sub(1, rejected), point), tf.mul(rejected, state['x']!));
      const z = extrapolateEach(x, state['x']!, decided.beta);
      return { x, z, recency: decided.recency, objective: decided.objective };
    },
  };
}
