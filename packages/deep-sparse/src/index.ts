export {
  type DeepNetwork,
  type LayeredPursuitOptions,
  type Level,
  layeredPursuit,
} from './layered-pursuit.ts';
export { type CodeSettings, debiasedCodes } from './learning/codes.ts';
export { learnBackward } from './learning/learn-backward.ts';
export {
  type HierarchyLearningOptions,
  type LearnedHierarchy,
  type LevelLearning,
  learnForward,
} from './learning/learn-forward.ts';
export { hierarchyError } from './measures/hierarchy-error.ts';
export { codeSparsity, receptiveFieldSparsity, type Sparsity } from './measures/sparsity.ts';
