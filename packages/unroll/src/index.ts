export { type Constraint, nonNegative } from './constraints.ts';
export { type UnrollOptions, unroll } from './unroll.ts';
