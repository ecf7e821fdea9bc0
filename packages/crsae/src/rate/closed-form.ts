import { UnrolledError } from '@unrolled/contracts';
import type { GammaPrior } from './gamma-prior.ts';

/**
 * The M-step for λ, exactly: the minimiser of the stage-two loss (`rateLoss`) with the codes held fixed,
 *
 *     λ_c* = (N_e + r − 1) / (m_c + δ)                       one rate an atom
 *     λ*   = C (N_e + r − 1) / (Σ_c m_c + C δ)               one rate for all
 *
 * with m_c the mean over examples of Σ_n |x_{c,n}|.
 *
 * @param meanAbsolute m_c, one an atom, ≥ 0
 * @param options.codeLength N_e
 * @param options.shared one rate for all atoms; default false
 * @returns λ, one an atom (all the same where shared)
 * @throws UnrolledError where an atom is never used and the prior does not bound its rate (m_c + δ = 0)
 */
export function closedFormRate(
  meanAbsolute: ArrayLike<number>,
  options: { readonly codeLength: number; readonly prior: GammaPrior; readonly shared?: boolean },
): Float64Array {
  const { codeLength, prior, shared = false } = options;
  const numerator = codeLength + prior.shape - 1;
  const m = Float64Array.from(meanAbsolute);
  if (shared) m.fill(m.reduce((sum, value) => sum + value, 0) / m.length);
  return m.map((value, atom) => {
    const denominator = value + prior.inverseScale;
    if (!(denominator > 0)) {
      throw new UnrolledError(
        'NOT_FINITE',
        `rate: atom ${atom} has no code and no prior, so its rate has no bound`,
      );
    }
    return numerator / denominator;
  });
}
