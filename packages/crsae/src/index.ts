export { closedFormRate } from './rate/closed-form.ts';
export { flatPrior, type GammaPrior, gammaPrior } from './rate/gamma-prior.ts';
export { meanAbsoluteCode, rateLoss } from './rate/loss.ts';
export { leastSquaresFilters } from './refit/least-squares-filters.ts';
export { type Refit, refitFilters } from './refit/refit-filters.ts';
export { type HostArray, pickSpikes, type Spike } from './refit/spikes.ts';
export { universalWeight } from './universal-weight.ts';
