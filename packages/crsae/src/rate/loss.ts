import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { GammaPrior } from './gamma-prior.ts';

/** m_c: the mean over examples of Σ_n |x_{c,n}|, of codes `[batch, time, atoms]`. A fresh tensor `[atoms]`. */
export function meanAbsoluteCode(codes: Tensor): Tensor {
  return tf.tidy(() => tf.mean(tf.sum(tf.abs(codes), 1), 0));
}

/**
 * The stage-two loss of CRsAE, a scalar: the negative log posterior of the rates given the codes,
 *
 *     ℓ(λ) = Σ_c [ λ_c m_c − (N_e + r − 1) log λ_c + δ λ_c ]
 *
 * Its gradient with the codes held fixed is m_c − (N_e + r − 1)/λ_c + δ, zero at `closedFormRate`.
 *
 * @param rate λ, `[atoms]` or a scalar for one shared rate (the priors are then summed over atoms); > 0
 * @param codes `[batch, time, atoms]`; detached for a true M-step
 * @see Tolooshams, Dey & Ba (2021), the loss for λ
 */
export function rateLoss(rate: Tensor, codes: Tensor, prior: GammaPrior): Tensor {
  return tf.tidy(() => {
    const [, codeLength, atoms] = codes.shape as [number, number, number];
    const rates = tf.mul(rate, tf.ones([atoms]));
    const linear = tf.mul(rates, tf.add(meanAbsoluteCode(codes), prior.inverseScale));
    return tf.sum(tf.sub(linear, tf.mul(codeLength + prior.shape - 1, tf.log(rates))));
  });
}
