import * as tf from '@tensorflow/tfjs-core';
import { refuse, requireKnownOptions, requirePositive } from '@unrolled/contracts';
import { withMoments } from './moments.ts';
import type { Optimizer, Rate } from './optimizer.ts';

/**
 * Adam in PyTorch's convention, with the bias correction from the number of the update, so that a resumed run is exact:
 *
 *     m ← β₁ m + (1 − β₁) g      v ← β₂ v + (1 − β₂) g²      θ ← θ − rate · m̂ / (√v̂ + ε),  m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)
 *
 * The papers' released code mostly sets ε = 1e-3 with losses that are means over pixels, where Adam acts like SGD with momentum.
 *
 * @param options.rate a number > 0, or a function of the update's number (from 1)
 * @param options.beta1 default 0.9
 * @param options.beta2 default 0.999
 * @param options.epsilon default 1e-8
 * @see Kingma & Ba 2015, "Adam", algorithm 1
 */
export function adam(options: {
  readonly rate: Rate;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}): Optimizer {
  requireKnownOptions('adam', options, ['rate', 'beta1', 'beta2', 'epsilon']);
  const { rate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  requireRate(rate);
  for (const [name, beta] of Object.entries({ beta1, beta2 }))
    if (!(beta >= 0 && beta < 1)) refuse(name, beta, 'a number in [0, 1)');
  requirePositive('epsilon', epsilon);
  return Object.freeze<Optimizer>({
    name: 'adam',
    begin: (variables) =>
      withMoments(variables, ['first', 'second'], rate, ({ value, gradient, moments, rate: now, step }) => {
        const first = tf.add(tf.mul(beta1, moments[0]!), tf.mul(1 - beta1, gradient));
        const second = tf.add(tf.mul(beta2, moments[1]!), tf.mul(1 - beta2, tf.square(gradient)));
        const scale = now / (1 - beta1 ** step);
        const deviation = tf.sqrt(tf.div(second, 1 - beta2 ** step));
        const moved = tf.sub(value, tf.div(tf.mul(scale, first), tf.add(deviation, epsilon)));
        return { value: moved, moments: [first, second] };
      }),
  });
}

/** Refuses a rate that can be no rate. */
export function requireRate(rate: Rate): void {
  if (typeof rate !== 'function') requirePositive('rate', rate);
}
