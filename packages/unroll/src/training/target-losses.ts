import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Network, requireShape } from '@unrolled/contracts';
import type { ShiftedPair } from '../shift-averaging/random-shifts.ts';
import { shiftAveraged } from '../shift-averaging/shift-averaged.ts';
import type { Pair } from './batches.ts';
import type { Loss, LossOptions } from './losses.ts';

/**
 * The distance to clean targets: ½ ‖target − mean(η)‖², the sum over coordinates, the mean over the batch, where η is what the
 * network makes of the input; averaged over the batch's shifts where it has `shifts` (`randomShifts`), else straight through, for
 * inputs of a size that codes fit.
 *
 * Inputs and targets are in the units of the likelihood: counts for a Poisson. The papers take the mean over P pixels of the square
 * in units of the picture, in which a count is Q = max(picture)/peak: this is P/(2Q²) times as much. Adam is blind to such a
 * factor but for its ε: their rate with their ε = 1e-3 is here the same rate with ε = 1e-3 · P/(2Q²).
 *
 * @throws INVALID_SHAPE where target and input have different shapes
 * @example { name: 'all', train: ['operator.filters', 'prior.weight'], loss: targetError(), optimizer: adam({ rate: 1e-3 }) }
 * @see Tolooshams, Song, Temereanca & Ba 2020, section 4.1
 */
export function targetError(options: LossOptions = {}): Loss<Pair | ShiftedPair> {
  return (network, batch) =>
    tf.tidy(() => {
      const eta = naturalParameter(network, batch, options);
      const error = tf.squaredDifference(network.problem().likelihood.mean(eta), batch.target);
      return tf.div(tf.sum(error), 2 * batch.target.shape[0]!);
    });
}

/**
 * The likelihood of targets: the mean over the batch of −log p(target | η), η as in {@link targetError}.
 *
 * With the input itself for a target it is `reconstruction` for inputs of any size and a few random shifts: training on noisy data
 * alone. With another draw of the same noise for a target it is what Noise2Noise is for the Gaussian.
 *
 * @throws INVALID_SHAPE where target and input have different shapes
 * @example { name: 'all', train: ['operator.filters'], loss: targetLikelihood({ gradient: { last: 5 } }), optimizer }
 */
export function targetLikelihood(options: LossOptions = {}): Loss<Pair | ShiftedPair> {
  return (network, batch) =>
    tf.tidy(() => {
      const eta = naturalParameter(network, batch, options);
      return tf.mean(network.problem().likelihood.negLogLik(batch.target, eta));
    });
}

/** What the network makes of a batch's input, over its shifts where it has some. */
function naturalParameter(network: Network, batch: Pair | ShiftedPair, options: LossOptions): Tensor {
  const { input, target } = batch;
  requireShape('target', target.shape, input.shape, 'a target like its input');
  if ('shifts' in batch)
    return shiftAveraged(network).reconstruct(input, { ...options, shifts: batch.shifts });
  return network.decode(network.encode(input, options));
}
