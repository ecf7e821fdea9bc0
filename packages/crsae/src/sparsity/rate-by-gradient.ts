import * as tf from '@tensorflow/tfjs-core';
import { requireKnownOptions, requirePositive } from '@unrolled/contracts';
import { adam, type GradientStage, type UpdateStage } from '@unrolled/unroll';
import { codeLengthOf } from '../rate/code-length.ts';
import { type GammaPrior, requirePrior } from '../rate/gamma-prior.ts';
import { rateLoss } from '../rate/loss.ts';
import { startingPrior } from '../rate/starting-prior.ts';
import type { Sparsity } from './sparsity.ts';

/**
 * The M-step for λ by one step of Adam a batch on the stage-two loss (`rateLoss`), the codes held fixed: as in the paper.
 *
 * @param options.learningRate of λ, in units of λ; > 0. Far below λ: a step that takes λ to zero ends in DIVERGED
 * @param options.prior default: around the mean rate that training begins with, of the weight of three windows
 * @param options.shared one rate for all atoms, their mean to begin with; default false
 * @throws INVALID_ARGUMENT, NOT_FINITE for a learning rate that is not > 0 or a prior that is none; UNKNOWN_OPTION
 * @example
 * trainCrsae(network, windows, { noise, sparsity: rateByGradient({ learningRate: 0.1 }), epochs: 8 });
 * @see Tolooshams, Dey & Ba (2021), two-stage backpropagation
 */
export function rateByGradient(options: {
  readonly learningRate: number;
  readonly prior?: GammaPrior;
  readonly shared?: boolean;
}): Sparsity {
  requireKnownOptions('rateByGradient', options, ['learningRate', 'prior', 'shared']);
  const { shared = false } = options;
  if (options.prior !== undefined) requirePrior(options.prior);
  const learningRate = requirePositive('learningRate', options.learningRate);
  return Object.freeze<Sparsity>({
    withFilters: [],
    stages: (noise, codes) => {
      const prior = startingPrior(noise, options.prior);
      const rate: GradientStage = {
        name: 'rate',
        train: ['prior.weight'],
        // λ = weight/σ²; Adam does not see the scale of a gradient, so its rate alone has to be scaled by σ².
        optimizer: adam({ rate: () => learningRate * noise.deviation ** 2, epsilon: 1e-12 }),
        loss: (network, batch) =>
          tf.tidy(() => {
            const x = codes.of(network, batch);
            const rates = tf.div(network.variables['prior.weight']!, noise.deviation ** 2);
            return rateLoss(shared ? tf.mean(rates) : rates, x, prior.at(codeLengthOf(x)));
          }),
      };
      return [...prior.stages, ...(shared ? [equalWeights] : []), rate];
    },
  });
}

/** Every atom's weight becomes their mean. The gradient of a shared rate is the same for all: equal weights stay equal. */
const equalWeights: UpdateStage = Object.freeze<UpdateStage>({
  name: 'shared rate',
  update: ({ network }) => {
    const weight = network.variables['prior.weight']!;
    tf.tidy(() => weight.assign(tf.add(tf.zerosLike(weight), tf.mean(weight))));
    return undefined;
  },
});
