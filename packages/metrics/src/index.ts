export * from './compare-sortings.ts';
export { type Agreement, largestCrossCorrelation } from './cross-correlation.ts';
export * from './detection-curve.ts';
export type { Dictionary } from './dictionary.ts';
export * from './dictionary-error.ts';
export * from './signal.ts';
export * from './spike-matching.ts';
