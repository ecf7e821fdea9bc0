import { requireKnownOptions, requireNonNegative, requirePositive } from '@unrolled/contracts';

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
 * The Gamma prior with a given mean, usually the rate weight/σ² that training begins with: shape r = δ·mean.
 *
 * Next to a window whose codes have N_e positions it weighs as much as δ·mean/N_e windows. It has to weigh something: the codes of a
 * larger λ are smaller, which makes λ larger. With a δ of less than about one window (N_e/mean) a sparse signal's λ runs away until no
 * code is left.
 *
 * @param options.mean where the prior expects λ, in 1/units of the code; > 0
 * @param options.strength δ, in units of the code: how much Σ|x| it adds to a window's; > 0. The paper's is 50
 * @throws INVALID_ARGUMENT, NOT_FINITE where a number is not > 0; UNKNOWN_OPTION
 * @example
 * gammaPrior({ mean: 20, strength: 50 }); // { shape: 1000, inverseScale: 50 }
 * @see Tolooshams, Dey & Ba (2021), the prior of λ
 */
export function gammaPrior(options: { readonly mean: number; readonly strength: number }): GammaPrior {
  requireKnownOptions('gammaPrior', options, ['mean', 'strength']);
  const mean = requirePositive('mean', options.mean);
  const strength = requirePositive('strength', options.strength);
  return Object.freeze({ shape: strength * mean, inverseScale: strength });
}

/** No prior: the maximum-likelihood rate. For codes that are given; trained with its codes, λ mostly runs away (`gammaPrior`). */
export const flatPrior: GammaPrior = Object.freeze({ shape: 1, inverseScale: 0 });

/** Refuses what is no prior. */
export function requirePrior(prior: GammaPrior): GammaPrior {
  requirePositive('prior.shape', prior?.shape);
  requireNonNegative('prior.inverseScale', prior.inverseScale);
  return prior;
}
