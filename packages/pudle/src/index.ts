export { alternatingMinimisation } from './baselines/alternating-minimisation.ts';
export { noodl } from './baselines/noodl.ts';
export { decayByLayer, type ShrinkingDecay, type ShrinkingDecayOptions, shrinkingDecay } from './decay.ts';
export {
  type BackpropagationOptions,
  decoderGradient,
  type GradientEstimator,
  gradientEstimators,
  lassoGradient,
  leastSquaresGradient,
} from './estimators.ts';
export { hardThreshold } from './hard-threshold.ts';
export { type ExampleAtomsOptions, exampleAtoms } from './initial/example-atoms.ts';
export { nearAtoms } from './initial/near-atoms.ts';
export {
  type ContributionSheetOptions,
  contributionSheet,
  type Made,
} from './interpret/contribution-sheet.ts';
export { type Neighbour, type Representer, representer } from './interpret/representer.ts';
export { saliency } from './interpret/saliency.ts';
export { estimatedGradient } from './measures/estimated-gradient.ts';
export {
  type Distances,
  type GradientDistanceOptions,
  type GradientDistances,
  gradientDistances,
} from './measures/gradient-distances.ts';
export { type GradientLimits, gradientLimits, type LimitOptions } from './measures/gradient-limits.ts';
export { type JacobianOptions, jacobianNorms } from './measures/jacobian-norms.ts';
export { type LayerCode, layerCodes } from './measures/layer-codes.ts';
export { type LayerSupport, type SupportSelection, supportSelection } from './measures/support-selection.ts';
export { type Pudle, type PudleOptions, type PudleProblem, pudle } from './pudle.ts';
