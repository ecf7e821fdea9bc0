export type { Weight } from './internal/weight.ts';
export { type L1Options, l1 } from './l1.ts';
export { ridge } from './ridge.ts';
export { zero } from './zero.ts';
