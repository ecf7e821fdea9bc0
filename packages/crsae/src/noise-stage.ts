import * as tf from '@tensorflow/tfjs-core';
import { refuse, requireKnownOptions, requirePositive } from '@unrolled/contracts';
import type { UpdateStage } from '@unrolled/unroll';
import type { BatchCodes } from './batch-codes.ts';
import { type NoiseLevel, requireNoise } from './noise-level.ts';

/**
 * Re-estimates σ from the residual of every batch and keeps λ, so that the weight σ²λ follows:
 *
 *     σ ← (1 − η) σ + η rms(y − H x),    w ← w · (σ / σ before)²
 *
 * Every spike is shrunk by the weight, and what is left of it, w², counts as noise. With d spikes a sample σ comes to rest where
 * σ² = σ_true² + d λ² σ⁴, which has a solution only for 4 d (λ σ_true)² ≤ 1, and is reached only from σ that are not far too large:
 * else σ grows until no code is left. For sparse signals, from below.
 *
 * Checkpoints remember σ. The rms, in units of the signal, is reported as the stage's loss.
 *
 * @param noise σ, changed in place
 * @param codes the E-step that the codes x are of; H are the filters as they are now
 * @param options.learningRate η in (0, 1]; default 0.01
 * @throws INVALID_ARGUMENT, NOT_FINITE where η is not in (0, 1]
 * @example
 * const stages = [filters, noiseStage(noise, codes, { learningRate: 0.05 })];
 * @see Tolooshams, Dey & Ba (2021), the trainable noise level of the released code
 */
export function noiseStage(
  noise: NoiseLevel,
  codes: BatchCodes,
  options: { readonly learningRate?: number } = {},
): UpdateStage {
  requireNoise(noise);
  requireKnownOptions('noiseStage', options, ['learningRate']);
  const learningRate = requirePositive('learningRate', options.learningRate ?? 0.01);
  if (learningRate > 1) refuse('learningRate', learningRate, 'a number in (0, 1]');
  return Object.freeze<UpdateStage>({
    name: 'noise',
    memory: { save: () => noise.deviation, load: (saved) => noise.set(Number(saved)) },
    update: async ({ network, batch }) => {
      const rms = tf.tidy(() => {
        const residual = tf.sub(batch, network.decode(codes.of(network, batch)));
        return tf.sqrt(tf.mean(tf.square(residual)));
      });
      const [found] = await rms.data();
      rms.dispose();
      const before = noise.deviation;
      noise.set((1 - learningRate) * before + learningRate * found!);
      const weight = network.variables['prior.weight']!;
      tf.tidy(() => weight.assign(tf.mul(weight, (noise.deviation / before) ** 2)));
      return found;
    },
  });
}
