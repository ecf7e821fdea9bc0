import { requireInteger, requireKnownOptions } from '@unrolled/contracts';
import { type Loss, type LossOptions, lasso, reconstruction } from '@unrolled/unroll';

/** How far back a gradient goes through the encoder. */
export interface BackpropagationOptions {
  /** B: through the last B layers alone. Default: all of them. */
  readonly last?: number;
}

/**
 * g_dec, the gradient of alternating minimisation: the code is a constant, and D is differentiated in the decoder alone,
 *
 *     g_dec = −(x − D z_T) z_Tᵀ,   g_dec → ĝ = −(x − D ẑ) ẑᵀ as T grows, as fast as z_T → ẑ
 *
 * @example const stage = { name: 'atoms', train: ['operator.atoms'], loss: decoderGradient(), optimizer };
 * @see Tolooshams & Ba (2022), section 3
 */
export const decoderGradient = (): Loss => reconstruction({ gradient: { last: 0 } });

/**
 * g_ae-lasso: the lasso objective ½‖x − D z_T‖² + Φ(z_T), backpropagated through the encoder. It has the same limit ĝ, since at the
 * lasso's solution its derivative in z vanishes, and once the support has settled its error is of second order in z_T − ẑ.
 *
 * @see Tolooshams & Ba (2022), section 3
 */
export const lassoGradient = (options: BackpropagationOptions = {}): Loss => lasso(lossOptions(options));

/**
 * g_ae-ls: the reconstruction error ½‖x − D z_T‖² alone, backpropagated through the encoder. Its limit is another one, and nearer to
 * the gradient at the true code: on the support S of ẑ with signs s, G_S = (D_Sᵀ D_S)⁻¹ and r = x − D ẑ,
 *
 *     g_ae-ls → −r_LS ẑ_Sᵀ − λ r (G_S s)ᵀ,   r_LS = x − D_S G_S D_Sᵀ x
 *
 * the residual of the code without the lasso's bias.
 *
 * @see Tolooshams & Ba (2022), section 3; the limit is (4.1) of this project's notes, derived from it
 */
export const leastSquaresGradient = (options: BackpropagationOptions = {}): Loss =>
  reconstruction(lossOptions(options));

/** The three estimators by name, for whoever compares them. */
export const gradientEstimators = Object.freeze({
  decoder: decoderGradient,
  lasso: lassoGradient,
  leastSquares: leastSquaresGradient,
});

/** The name of a gradient estimator. */
export type GradientEstimator = keyof typeof gradientEstimators;

function lossOptions(options: BackpropagationOptions): LossOptions {
  requireKnownOptions('options', options, ['last']);
  return options.last === undefined ? {} : { gradient: { last: requireInteger('last', options.last, 0) } };
}
