import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '@unrolled/backend';
import { type Network, requireInteger, requireKnownOptions, requirePositive } from '@unrolled/contracts';
import { adam, type Stage } from '@unrolled/unroll';
import type { NoiseLevel } from '../noise-level.ts';
import { closedFormRate } from '../rate/closed-form.ts';
import { flatPrior, type GammaPrior } from '../rate/gamma-prior.ts';
import { meanAbsoluteCode, rateLoss } from '../rate/loss.ts';

/** How the sparsity of the code is decided while the filters are learned. */
export interface Sparsity {
  /** Parameters that descend on the reconstruction loss together with the filters. */
  readonly withFilters: readonly 'prior.weight'[];
  /** What is done after the filters' step. */
  stages(noise: NoiseLevel): readonly Stage[];
}

/** The weight stays as it is: an ablation. */
export const fixedWeight: Sparsity = Object.freeze({ withFilters: [], stages: () => [] });

/** The weight descends on the reconstruction loss like the filters, through the encoder: an ablation, which tends to overfit the noise. */
export const backpropagatedWeight: Sparsity = Object.freeze({
  withFilters: ['prior.weight' as const],
  stages: () => [],
});

/**
 * The M-step for λ in closed form, smoothed over batches: λ ← s λ + (1 − s) λ*, λ* from `closedFormRate` on the batch's codes, and the
 * weight σ²λ with it.
 *
 * @param options.prior default none: the maximum-likelihood rate
 * @param options.shared one rate for all atoms; default false
 * @param options.smoothing s in [0, 1); default 0.9
 */
export function rateInClosedForm(
  options: { readonly prior?: GammaPrior; readonly shared?: boolean; readonly smoothing?: number } = {},
): Sparsity {
  requireKnownOptions('rateInClosedForm', options, ['prior', 'shared', 'smoothing']);
  const { prior = flatPrior, shared = false, smoothing = 0.9 } = options;
  if (smoothing !== 0) requirePositive('1 − smoothing', 1 - smoothing);
  return Object.freeze<Sparsity>({
    withFilters: [],
    stages: (noise) => [
      {
        name: 'rate',
        update: async ({ network, batch }) => {
          const codes = network.encode(batch);
          const means = meanAbsoluteCode(codes);
          const m = await means.data();
          const codeLength = codes.shape[1]!;
          tf.dispose([codes, means]);
          const variable = network.variables['prior.weight']!;
          const weights = await variable.data();
          const variance = noise.deviation ** 2;
          const target = closedFormRate(m, { codeLength, prior, shared });
          const next = target.map(
            (rate, atom) => smoothing * weights[atom]! + (1 - smoothing) * variance * rate,
          );
          tf.tidy(() => variable.assign(tf.tensor1d(Float32Array.from(next))));
          return undefined;
        },
      },
    ],
  });
}

/**
 * The M-step for λ by Adam on the stage-two loss with the codes held fixed, as in the paper. `rate` is the learning rate of λ, in units
 * of λ.
 *
 * @param options.shared one rate for all atoms: the gradients of the atoms are averaged; default false
 */
export function rateByGradient(options: {
  readonly learningRate: number;
  readonly prior?: GammaPrior;
  readonly shared?: boolean;
}): Sparsity {
  requireKnownOptions('rateByGradient', options, ['learningRate', 'prior', 'shared']);
  const { prior = flatPrior, shared = false } = options;
  const learningRate = requirePositive('learningRate', options.learningRate);
  return Object.freeze<Sparsity>({
    withFilters: [],
    stages: (noise) => [
      {
        name: 'rate',
        train: ['prior.weight'],
        // λ = weight/σ²; Adam does not see the scale of a gradient, so its rate alone has to be scaled by σ².
        optimizer: adam({ rate: () => learningRate * noise.deviation ** 2, epsilon: 1e-12 }),
        loss: (network, batch) =>
          tf.tidy(() => {
            const codes = withoutGradient(() => network.encode(batch));
            return rateLoss(rateOf(network, noise, shared), codes, prior);
          }),
      },
    ],
  });
}

/** λ = weight/σ² `[atoms]`, on the tape; where shared, the mean in place of each. */
function rateOf(network: Network, noise: NoiseLevel, shared: boolean): Tensor {
  const weight = network.variables['prior.weight']!;
  const rate = tf.div(weight, noise.deviation ** 2);
  return shared ? tf.add(tf.zerosLike(rate), tf.mean(rate)) : rate;
}

/**
 * Re-estimates σ from the residual, σ ← (1 − η) σ + η rms(y − ŷ), and keeps λ: the weight σ²λ follows.
 *
 * @param options.learningRate η in (0, 1]; default 0.01
 */
export function noiseStage(noise: NoiseLevel, options: { readonly learningRate?: number } = {}): Stage {
  const learningRate = requirePositive('learningRate', options.learningRate ?? 0.01);
  requireInteger('learningRate ≤ 1', learningRate <= 1 ? 1 : 0);
  return {
    name: 'noise',
    memory: { save: () => noise.deviation, load: (saved) => noise.set(Number(saved)) },
    update: async ({ network, batch }) => {
      const rms = tf.tidy(() =>
        tf.sqrt(tf.mean(tf.square(tf.sub(batch, network.decode(network.encode(batch)))))),
      );
      const [residual] = await rms.data();
      rms.dispose();
      const before = noise.deviation;
      noise.set((1 - learningRate) * before + learningRate * residual!);
      const variable = network.variables['prior.weight']!;
      tf.tidy(() => variable.assign(tf.mul(variable, (noise.deviation / before) ** 2)));
      return residual;
    },
  };
}
