import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { refuse, requirePositive } from '@unrolled/contracts';
import type { Optimizer } from './optimizer.ts';

/**
 * An optimiser whose gradients, all of a stage's together, are shortened to a length where they are longer:
 *
 *     g ← g · min(1, norm / ‖g‖)
 *
 * Against the rare batch on which an exponential link all but overflows. Adam hardly sees a factor that is always there: it is the
 * outlier that is cut.
 *
 * @param optimizer `adam`, `sgd`
 * @param norm a number > 0, in units of the loss over the parameters
 * @throws INVALID_ARGUMENT, NOT_FINITE
 * @example const optimizer = clipped(adam({ rate: 1e-3 }), 100);
 * @see Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks", algorithm 1
 */
export function clipped(optimizer: Optimizer, norm: number): Optimizer {
  if (typeof optimizer?.begin !== 'function') refuse('optimizer', optimizer, 'an optimiser');
  requirePositive('norm', norm);
  return Object.freeze<Optimizer>({
    name: `clipped ${optimizer.name}`,
    begin: (variables) => {
      const run = optimizer.begin(variables);
      return {
        apply: (gradients) => {
          tf.tidy(() => run.apply(shorten(gradients, norm)));
        },
        get steps() {
          return run.steps;
        },
        moments: run.moments,
        resumeAt: run.resumeAt,
        reset: run.reset,
        dispose: run.dispose,
      };
    },
  });
}

function shorten(gradients: readonly (Tensor | null)[], norm: number): (Tensor | null)[] {
  const present = gradients.filter((gradient): gradient is Tensor => gradient !== null);
  if (present.length === 0) return [...gradients];
  // In units of the norm, so that squares of what is to be cut stay far from where float32 ends.
  const squares = present.map((gradient) => tf.sum(tf.square(tf.div(gradient, norm))));
  const length = tf.sqrt(squares.reduce((sum, square) => tf.add(sum, square)));
  const factor = tf.div(1, tf.maximum(length, 1));
  return gradients.map((gradient) => gradient && tf.mul(gradient, factor));
}
