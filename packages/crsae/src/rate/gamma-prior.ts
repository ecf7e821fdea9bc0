import { requirePositive } from '@unrolled/contracts';

/**
 * The Gamma prior on a Laplace rate λ: log p(λ) = (r − 1) log λ − δ λ + constant, with mean r/δ and mode (r − 1)/δ.
 *
 * δ → 0 with r → 1 leaves the maximum-likelihood rate; δ → ∞ pins λ at the mean.
 */
export interface GammaPrior {
  /** r */
  readonly shape: number;
  /** δ, in units of the code */
  readonly inverseScale: number;
}

/**
 * The Gamma prior with a given mean, usually the rate of the universal threshold: shape r = δ·mean.
 *
 * @param options.mean where the prior expects λ; > 0
 * @param options.strength δ: how many units of Σ|x| the prior weighs; > 0
 */
export function gammaPrior(options: { readonly mean: number; readonly strength: number }): GammaPrior {
  const mean = requirePositive('mean', options.mean);
  const strength = requirePositive('strength', options.strength);
  return Object.freeze({ shape: strength * mean, inverseScale: strength });
}

/** No prior: the maximum-likelihood rate. */
export const flatPrior: GammaPrior = Object.freeze({ shape: 1, inverseScale: 0 });
