export { type Agreement, largestCrossCorrelation } from './cross-correlation.ts';
export type { Dictionary } from './dictionary.ts';
export * from './dictionary-error.ts';
