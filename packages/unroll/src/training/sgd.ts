import * as tf from '@tensorflow/tfjs-core';
import { refuse, requireKnownOptions } from '@unrolled/contracts';
import { requireRate } from './adam.ts';
import { withMoments } from './moments.ts';
import type { Optimizer, Rate } from './optimizer.ts';

/**
 * Stochastic gradient descent, with momentum where asked: m ← μ m + g, θ ← θ − rate · m.
 *
 * @param options.rate a number > 0, or a function of the update's number (from 1)
 * @param options.momentum μ in [0, 1), default 0
 */
export function sgd(options: { readonly rate: Rate; readonly momentum?: number }): Optimizer {
  requireKnownOptions('sgd', options, ['rate', 'momentum']);
  const { rate, momentum = 0 } = options;
  requireRate(rate);
  if (!(momentum >= 0 && momentum < 1)) refuse('momentum', momentum, 'a number in [0, 1)');
  return Object.freeze<Optimizer>({
    name: 'sgd',
    begin: (variables) =>
      withMoments(
        variables,
        momentum === 0 ? [] : ['velocity'],
        rate,
        ({ value, gradient, moments, rate: now }) => {
          const velocity = moments[0] ? tf.add(tf.mul(momentum, moments[0]), gradient) : gradient;
          return { value: tf.sub(value, tf.mul(now, velocity)), moments: moments.map(() => velocity) };
        },
      ),
  });
}
