import { type Prior, requireKnownOptions, requireNonNegative, requirePositive } from '@unrolled/contracts';
import { l0 } from '@unrolled/prox';

/**
 * The hard threshold "HT" of PUDLE: z ← v where |v| > b, else 0, with v = z − α Dᵀ(D z − x). What is kept is not shrunk, so that the
 * code has no bias; b is fixed, whatever the step. It is the ℓ0 prior whose weight gives this threshold at this step, w = b²/(2α).
 *
 * @param options.threshold b ≥ 0, of the step-scaled pre-activation: in the first layer v = α Dᵀ x
 * @param options.step α > 0, the `step` of the network
 * @example await pudle({ operator, prior: hardThreshold({ threshold: 0.1, step: 0.2 }), layers: 100, step: 0.2 });
 */
export function hardThreshold(options: {
  readonly threshold: number;
  readonly step: number;
}): Prior<'weight'> {
  requireKnownOptions('hardThreshold', options, ['threshold', 'step']);
  const threshold = requireNonNegative('threshold', options.threshold);
  return l0(threshold ** 2 / (2 * requirePositive('step', options.step)));
}
