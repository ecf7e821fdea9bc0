import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Gradient, Network } from '@unrolled/contracts';
import { problemFor } from '@unrolled/solvers';
import type { Pair } from './batches.ts';

/** A scalar to make small, of a network and a batch. Called on a gradient tape: synchronous, no host reads. */
export type Loss<B = Tensor> = (network: Network, batch: B) => Tensor;

/** How gradients go back through the encoder. */
export interface LossOptions {
  readonly gradient?: Gradient;
}

/**
 * The auto-encoder's loss: the mean over the batch of −log p(y | A x_T(y)), for a Gaussian ½‖y − A x_T‖².
 *
 * @example { name: 'filters', train: ['operator.filters'], loss: reconstruction({ gradient: { last: 20 } }), optimizer }
 */
export function reconstruction(options: LossOptions = {}): Loss {
  return (network, y) =>
    tf.tidy(() =>
      tf.mean(network.problem().likelihood.negLogLik(y, network.decode(network.encode(y, options)))),
    );
}

/** The lasso objective at the encoder's output: `reconstruction` plus the mean of the prior Φ(x_T). */
export function lasso(options: LossOptions = {}): Loss {
  return (network, y) =>
    tf.tidy(() => {
      const { likelihood, prior } = problemFor(network.problem(), y);
      const x = network.encode(y, options);
      return tf.mean(tf.add(likelihood.negLogLik(y, network.decode(x)), prior.value(x)));
    });
}

/**
 * The supervised loss of learned encoders: half the squared distance to the target codes, (1/2P) Σ_p ‖x*_p − x_T(y_p)‖², the mean
 * over the batch of the sum over the code.
 *
 * @example { name: 'codes', train: ['analysis', 'recurrence'], loss: codeError(), optimizer: sgd({ rate: 0.1 }) }
 * @see Gregor & LeCun 2010, "Learning fast approximations of sparse coding", (5)
 */
export function codeError(options: LossOptions = {}): Loss<Pair> {
  return (network, { input, target }) =>
    tf.tidy(() => {
      const error = tf.squaredDifference(network.encode(input, options), target);
      return tf.div(tf.sum(error), 2 * target.shape[0]!);
    });
}
