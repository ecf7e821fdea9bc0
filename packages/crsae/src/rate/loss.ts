import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { requireShape } from '@unrolled/contracts';
import { codeLengthOf } from './code-length.ts';
import { type GammaPrior, requirePrior } from './gamma-prior.ts';

/**
 * m_c, the mean over examples of Σ_n |x_{c,n}|: all that the M-step for λ needs of the codes.
 *
 * @param codes `[batch, positions, atoms]` or `[batch, rows, columns, atoms]`
 * @returns a fresh tensor `[atoms]`
 * @throws INVALID_SHAPE
 * @example
 * const means = meanAbsoluteCode(codes);
 * const rates = closedFormRate(await means.data(), { codeLength: codes.shape[1], prior });
 */
export function meanAbsoluteCode(codes: Tensor): Tensor {
  codeLengthOf(codes);
  const positions = codes.shape.map((_, axis) => axis).slice(1, -1);
  return tf.tidy(() => tf.mean(tf.sum(tf.abs(codes), positions), 0));
}

/**
 * The stage-two loss of CRsAE, a scalar: the negative log posterior of the rates given the codes,
 *
 *     ℓ(λ) = Σ_c [ λ_c m_c − (N_e + r − 1) log λ_c + δ λ_c ]
 *
 * Its gradient with the codes held fixed is m_c − (N_e + r − 1)/λ_c + δ, zero at `closedFormRate`.
 *
 * @param rate λ, `[atoms]` or a scalar for one shared rate (the priors are then summed over atoms); > 0
 * @param codes `[batch, positions, atoms]` or `[batch, rows, columns, atoms]`; detached for a true M-step
 * @param prior r and δ, of every atom
 * @returns a fresh scalar, differentiable; NaN or ∞ for a rate that is not > 0
 * @throws INVALID_SHAPE
 * @example
 * const gradient = tf.grad((rate) => rateLoss(rate, codes, prior))(rate);
 * @see Tolooshams, Dey & Ba (2021), the loss for λ
 */
export function rateLoss(rate: Tensor, codes: Tensor, prior: GammaPrior): Tensor {
  const codeLength = codeLengthOf(codes);
  const atoms = codes.shape.at(-1)!;
  requirePrior(prior);
  if (rate.rank !== 0) requireShape('rate', rate.shape, [atoms], 'one number an atom');
  return tf.tidy(() => {
    const rates = tf.mul(rate, tf.ones([atoms]));
    const linear = tf.mul(rates, tf.add(meanAbsoluteCode(codes), prior.inverseScale));
    return tf.sum(tf.sub(linear, tf.mul(codeLength + prior.shape - 1, tf.log(rates))));
  });
}
