import type { Sparsity } from './sparsity.ts';

/** The weight σ²λ stays what `crsae` was given: the ablation without a second stage. */
export const fixedWeight: Sparsity = Object.freeze({ withFilters: Object.freeze([]), stages: () => [] });
