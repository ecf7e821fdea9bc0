export { type Crsae, type CrsaeOptions, type CrsaeProblem, crsae } from './crsae.ts';
export { type NoiseLevel, noiseLevel } from './noise-level.ts';
export { closedFormRate } from './rate/closed-form.ts';
export { flatPrior, type GammaPrior, gammaPrior } from './rate/gamma-prior.ts';
export { meanAbsoluteCode, rateLoss } from './rate/loss.ts';
export { leastSquaresFilters } from './refit/least-squares-filters.ts';
export { type Refit, refitFilters } from './refit/refit-filters.ts';
export { type HostArray, pickSpikes, type Spike } from './refit/spikes.ts';
export { codesOf, refitStage } from './stages/refit-stage.ts';
export {
  backpropagatedWeight,
  fixedWeight,
  noiseStage,
  rateByGradient,
  rateInClosedForm,
  type Sparsity,
} from './stages/sparsity.ts';
export { type TrainCrsaeOptions, trainCrsae } from './train.ts';
export { universalWeight } from './universal-weight.ts';
