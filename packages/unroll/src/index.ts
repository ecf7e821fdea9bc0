export type { CheckpointStore } from '@unrolled/contracts';
export { type Constraint, nonNegative } from './constraints.ts';
export { memoryStore } from './saving/checkpoint.ts';
export { loadNetwork, networkArrays, saveNetwork } from './saving/network.ts';
export { adam } from './training/adam.ts';
export {
  type BatchSource,
  type Examples,
  type HostExamples,
  minibatches,
  type Pair,
  pairedMinibatches,
} from './training/batches.ts';
export type { EndEvent, EpochEvent, StepEvent, TrainingEvent } from './training/events.ts';
export { codeError, type Loss, type LossOptions, lasso, reconstruction } from './training/losses.ts';
export type { Optimizer, OptimizerRun, Rate } from './training/optimizer.ts';
export type { Summary, TrainOptions } from './training/options.ts';
export { sgd } from './training/sgd.ts';
export type { GradientStage, Stage, UpdateContext, UpdateStage } from './training/stage.ts';
export { train } from './training/train.ts';
export { type UnrollOptions, unroll } from './unroll.ts';
