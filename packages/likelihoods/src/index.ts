export { bernoulli } from './bernoulli.ts';
export { type BinomialOptions, binomial } from './binomial.ts';
export { type GammaOptions, gamma } from './gamma.ts';
export { gaussian } from './gaussian.ts';
export type { Baseline, BaselineName, BaselineOptions } from './internal/baseline.ts';
export { type NegativeBinomialOptions, negativeBinomial } from './negative-binomial.ts';
export { type PoissonOptions, poisson } from './poisson.ts';
