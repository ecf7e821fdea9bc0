import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Network } from '@unrolled/contracts';
import { dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import {
  alternatingMinimisation,
  type GradientEstimator,
  gradientEstimators,
  hardThreshold,
  leastSquaresGradient,
  noodl,
  pudle,
  shrinkingDecay,
} from '@unrolled/pudle';
import { accumulated, adam, type Loss, type Stage } from '@unrolled/unroll';
import type { Learning } from './plan.ts';

/** How a dictionary is learned: one of the three gradients with λ as it is, or another way. */
export type Method = GradientEstimator | 'decayed' | 'hard-threshold' | 'noodl' | 'alternating';

/** What they are called on the page. */
export const titles: { readonly [M in Method]: string } = {
  decoder: 'g_dec',
  lasso: 'g_ae-lasso',
  leastSquares: 'g_ae-ls',
  decayed: 'g_ae-ls, λ decayed',
  'hard-threshold': 'g_ae-ls, hard threshold',
  noodl: 'NOODL',
  alternating: 'alternating minimisation, FISTA',
};

/** Atoms with |Dᵀ x| above it are kept in the first layer: the paper's 0.1 of α Dᵀ x at α = 0.2. */
const threshold = 0.5;

/** Of NOODL: the authors' 20 divided by the batch of 50 that their code divides by once more. */
const noodlRate = 0.4;

/** Examples that are on the tape together. */
const block = 500;

/** A network to train, and its stages. It has copies of the atoms. */
export async function makeMethod(
  { method, encoder, updates, rate, epsilon, lastDecay = 0.95 }: Omit<Learning, 'world'>,
  atoms: Tensor2D,
): Promise<{ readonly network: Network; readonly stages: readonly Stage[] }> {
  const { layers, step, weight } = encoder;
  const operator = dense(atoms);
  const optimizer = adam({ rate, epsilon });
  const descent = (loss: Loss): Stage => ({
    name: 'atoms',
    train: ['operator.atoms'],
    loss: accumulated(loss, block),
    optimizer,
  });
  const prior =
    method === 'hard-threshold' || method === 'noodl'
      ? hardThreshold({ threshold: threshold * step, step })
      : l1(weight);
  try {
    if (method === 'alternating') {
      const { network, stage } = await alternatingMinimisation({
        operator,
        prior,
        iterations: layers,
        optimizer,
      });
      return { network, stages: [stage] };
    }
    // Ten times over the training, as often as in the paper.
    const shrinking =
      method === 'decayed'
        ? shrinkingDecay({ every: Math.max(1, Math.floor(updates / 10)), by: (1 - lastDecay) / 10 })
        : undefined;
    const network = await pudle({
      operator,
      prior,
      layers,
      step,
      ...(shrinking && { decay: shrinking.decay }),
    });
    if (method === 'noodl') return { network, stages: [noodl({ rate: noodlRate })] };
    const loss =
      method === 'hard-threshold' || method === 'decayed'
        ? leastSquaresGradient()
        : gradientEstimators[method]();
    return { network, stages: [descent(loss), ...(shrinking ? [shrinking.stage as Stage] : [])] };
  } finally {
    prior.parameters.weight.dispose();
  }
}
