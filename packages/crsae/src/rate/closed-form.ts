import { refuse, requireInteger, requireKnownOptions, requireNonNegative } from '@unrolled/contracts';
import { type GammaPrior, requirePrior } from './gamma-prior.ts';

/**
 * The M-step for λ, exactly: the minimiser of the stage-two loss (`rateLoss`) with the codes held fixed,
 *
 *     λ_c* = (N_e + r − 1) / (m_c + δ)                       one rate an atom
 *     λ*   = C (N_e + r − 1) / (Σ_c m_c + C δ)               one rate for all
 *
 * with m_c the mean over examples of Σ_n |x_{c,n}|.
 *
 * @param meanAbsolute m_c, one an atom, ≥ 0
 * @param options.codeLength N_e, the positions of an atom in a window
 * @param options.prior the Gamma prior of shape r and inverse scale δ
 * @param options.shared one rate for all atoms; default false
 * @returns λ, one an atom (all the same where shared); ∞ for an atom that is not used (m_c = 0) where no prior bounds it (δ = 0)
 * @throws INVALID_ARGUMENT, NOT_FINITE where m_c is not ≥ 0, N_e is no whole number ≥ 1 or N_e + r − 1 is not positive
 * @example
 * closedFormRate([3.2, 0.4], { codeLength: 483, prior: flatPrior }); // [150.9, 1207.5]
 * @see Tolooshams, Dey & Ba (2021), the loss for λ, set to its minimum
 */
export function closedFormRate(
  meanAbsolute: ArrayLike<number>,
  options: { readonly codeLength: number; readonly prior: GammaPrior; readonly shared?: boolean },
): Float64Array {
  requireKnownOptions('closedFormRate', options, ['codeLength', 'prior', 'shared']);
  const { shared = false } = options;
  const { shape, inverseScale } = requirePrior(options.prior);
  const numerator = requireInteger('codeLength', options.codeLength) + shape - 1;
  const m = Float64Array.from(meanAbsolute, (value) => requireNonNegative('meanAbsolute', value));
  if (m.length === 0) refuse('meanAbsolute', [], 'one number an atom');
  if (shared) m.fill(m.reduce((sum, value) => sum + value, 0) / m.length);
  return m.map((value) => numerator / (value + inverseScale));
}
