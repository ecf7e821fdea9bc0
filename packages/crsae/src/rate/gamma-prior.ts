import {
  requireInteger,
  requireKnownOptions,
  requireNonNegative,
  requirePositive,
} from '@unrolled/contracts';

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

/** How much a Gamma prior weighs: δ itself, or that of so many windows whose codes have N_e positions. */
export type PriorStrength =
  | { readonly strength: number }
  | { readonly windows: number; readonly codeLength: number };

/**
 * The Gamma prior with a given mean, usually the rate weight/σ² that training begins with: shape r = δ·mean.
 *
 * It has to weigh something: the codes of a larger λ are smaller, which makes λ larger, so that the λ of a sparse signal runs away
 * until no code is left. A prior of κ windows bounds λ by (1 + 1/κ) times its mean, whatever the codes.
 *
 * @param options.mean where the prior expects λ, in 1/units of the code; > 0
 * @param options.strength δ, in units of the code: how much Σ|x| it adds to a window's; > 0
 * @param options.windows κ, instead of δ: the prior counts as much as κ windows of rate `mean`, r = κ N_e + 1; > 0
 * @param options.codeLength N_e, with `windows`
 * @throws INVALID_ARGUMENT, NOT_FINITE where a number is not > 0; UNKNOWN_OPTION
 * @example
 * gammaPrior({ mean: 20, strength: 50 }); // { shape: 1000, inverseScale: 50 }
 * gammaPrior({ mean: 20, windows: 3, codeLength: 483 }); // { shape: 1450, inverseScale: 72.5 }
 * @see Tolooshams, Dey & Ba (2021), the prior of λ
 */
export function gammaPrior(options: { readonly mean: number } & PriorStrength): GammaPrior {
  const mean = requirePositive('mean', options.mean);
  if ('windows' in options) {
    requireKnownOptions('gammaPrior', options, ['mean', 'windows', 'codeLength']);
    const windows = requirePositive('windows', options.windows);
    const shape = windows * requireInteger('codeLength', options.codeLength) + 1;
    return Object.freeze({ shape, inverseScale: shape / mean });
  }
  requireKnownOptions('gammaPrior', options, ['mean', 'strength']);
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
