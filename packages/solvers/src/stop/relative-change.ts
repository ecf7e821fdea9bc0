import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { requirePositive } from '@unrolled/contracts';
import { sumExamples } from '../batch.ts';
import type { StopRule } from './rule.ts';

/** Below this a code counts as zero: the square of it is still a normal float32. */
const SMALLEST = 1e-15;

/** ‖next − previous‖ / ‖next‖ of every example: `[batch]`, a fresh tensor. */
export function relativeChanges(next: Tensor, previous: Tensor): Tensor {
  return tf.tidy(() => {
    const change = tf.sqrt(sumExamples(tf.square(tf.sub(next, previous))));
    return tf.div(change, tf.maximum(tf.sqrt(sumExamples(tf.square(next))), SMALLEST));
  });
}

/**
 * Stops where the code hardly moves any more: ‖x_t − x_{t−1}‖ ≤ tolerance·‖x_t‖ in every example, x_0 = 0.
 *
 * It bounds a step, not the distance to the solution: a slow iteration can stop early. Float32 codes seldom get below 1e-7.
 *
 * @param tolerance a number > 0
 */
export function relativeChange(tolerance: number): StopRule {
  requirePositive('relativeChange', tolerance);
  return Object.freeze({
    name: 'relativeChange',
    begin: () => ({
      tolerance,
      measure: (code: Tensor, previous: Tensor) => tf.max(relativeChanges(code, previous)),
    }),
  });
}
