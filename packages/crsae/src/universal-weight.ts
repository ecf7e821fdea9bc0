import { requireInteger, requireKnownOptions, requirePositive } from '@unrolled/contracts';

/**
 * The lasso weight that noise alone does not pass: the universal threshold over all entries of a window's code,
 *
 *     weight = σ²·λ = multiplier · σ √(2 ln(C·N_e))
 *
 * Three numbers are called λ in the papers. Here: `rate` is the Laplace rate λ, `weight` = σ²·rate is the lasso weight (a
 * prior's parameter), and `threshold` = weight·step is what a layer subtracts.
 *
 * @param options.noiseDeviation σ, in units of the signal; > 0
 * @param options.atoms C, the number of templates
 * @param options.codeLength N_e, the positions of a template in a window
 * @param options.multiplier default 1; 2 where templates are to be recovered rather than signals denoised
 * @throws INVALID_ARGUMENT, NOT_FINITE where a number is not positive; UNKNOWN_OPTION
 * @example universalWeight({ noiseDeviation: 1, atoms: 3, codeLength: 983 }) // 3.997
 * @see Tolooshams, Dey & Ba, "Deep residual autoencoders for expectation maximization-inspired dictionary learning"
 * (2021), and Donoho & Johnstone (1994) for the threshold.
 */
export function universalWeight(options: {
  readonly noiseDeviation: number;
  readonly atoms: number;
  readonly codeLength: number;
  readonly multiplier?: number;
}): number {
  requireKnownOptions('universalWeight', options, ['noiseDeviation', 'atoms', 'codeLength', 'multiplier']);
  const sigma = requirePositive('noiseDeviation', options.noiseDeviation);
  const entries = requireInteger('atoms', options.atoms) * requireInteger('codeLength', options.codeLength);
  return (
    requirePositive('multiplier', options.multiplier ?? 1) *
    sigma *
    Math.sqrt(2 * Math.log(Math.max(2, entries)))
  );
}
