import * as tf from '@tensorflow/tfjs-core';
import { refuse, requireKnownOptions } from '@unrolled/contracts';
import type { UpdateStage } from '@unrolled/unroll';
import { closedFormRate } from '../rate/closed-form.ts';
import { codeLengthOf } from '../rate/code-length.ts';
import { type GammaPrior, requirePrior } from '../rate/gamma-prior.ts';
import { meanAbsoluteCode } from '../rate/loss.ts';
import { ratesOf } from '../rate/rates-of.ts';
import { startingPrior } from '../rate/starting-prior.ts';
import type { Sparsity } from './sparsity.ts';

/**
 * The M-step for λ in closed form, smoothed over batches, and the weight σ²λ with it:
 *
 *     λ ← s λ + (1 − s) λ*,    λ* = `closedFormRate` of the batch's codes
 *
 * An atom that a batch does not use, and that no prior bounds, keeps its rate.
 *
 * @param options.prior default: around the mean rate that training begins with, of the weight of three windows. With a weak prior, or
 *   none (`flatPrior`), λ may run away: see `gammaPrior`
 * @param options.shared one rate for all atoms; default false
 * @param options.smoothing s in [0, 1); default 0.9
 * @throws INVALID_ARGUMENT for a smoothing outside [0, 1) or a prior that is none; UNKNOWN_OPTION
 * @example
 * trainCrsae(network, windows, { noise, sparsity: rateInClosedForm({ shared: true }), epochs: 8 });
 * @see Tolooshams, Dey & Ba (2021), the loss for λ; its released code has the smoothing
 */
export function rateInClosedForm(
  options: { readonly prior?: GammaPrior; readonly shared?: boolean; readonly smoothing?: number } = {},
): Sparsity {
  requireKnownOptions('rateInClosedForm', options, ['prior', 'shared', 'smoothing']);
  const { shared = false, smoothing = 0.9 } = options;
  if (options.prior !== undefined) requirePrior(options.prior);
  if (!(smoothing >= 0 && smoothing < 1)) refuse('smoothing', smoothing, 'a number in [0, 1)');
  return Object.freeze<Sparsity>({
    withFilters: [],
    stages: (noise, codes) => {
      const prior = startingPrior(noise, options.prior);
      const rate: UpdateStage = {
        name: 'rate',
        update: async ({ network, batch }) => {
          const x = codes.of(network, batch);
          const codeLength = codeLengthOf(x);
          const means = meanAbsoluteCode(x);
          const target = closedFormRate(await means.data(), {
            codeLength,
            prior: prior.at(codeLength),
            shared,
          });
          means.dispose();
          const before = await ratesOf(network, noise);
          if (shared) before.fill(before.reduce((sum, value) => sum + value, 0) / before.length);
          const variance = noise.deviation ** 2;
          const weights = Float32Array.from(before, (now, atom) => {
            const moved = smoothing * now + (1 - smoothing) * target[atom]!;
            const weight = Math.fround(variance * moved);
            return Number.isFinite(weight) ? weight : variance * now;
          });
          tf.tidy(() => network.variables['prior.weight']!.assign(tf.tensor1d(weights)));
          return undefined;
        },
      };
      return [...prior.stages, rate];
    },
  });
}
