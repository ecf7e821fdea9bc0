import type { Stage } from '@unrolled/unroll';
import type { BatchCodes } from '../batch-codes.ts';
import type { NoiseLevel } from '../noise-level.ts';

/**
 * How the sparsity of the code is decided while the filters are learned: what `trainCrsae` takes as `sparsity`. A rule of one's own
 * is such a record.
 */
export interface Sparsity {
  /** Parameters that descend on the reconstruction loss together with the filters. */
  readonly withFilters: readonly 'prior.weight'[];
  /**
   * What is done after the filters' step, on every batch. Called once a run.
   *
   * @param noise σ, for the weight σ²λ
   * @param codes the E-step of the batch
   */
  stages(noise: NoiseLevel, codes: BatchCodes): readonly Stage[];
}
