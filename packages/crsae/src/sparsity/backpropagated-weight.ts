import type { Sparsity } from './sparsity.ts';

/**
 * The weight descends on the reconstruction loss like the filters, through the encoder and by their optimiser: the ablation "bias by
 * backpropagation". The loss alone wants no sparsity, so that the weight tends to fall until the code explains the noise.
 */
export const backpropagatedWeight: Sparsity = Object.freeze({
  withFilters: Object.freeze(['prior.weight' as const]),
  stages: () => [],
});
