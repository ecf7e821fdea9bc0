export type { CheckpointStore } from '@unrolled/contracts';
export { type Constraint, nonNegative } from './constraints.ts';
export { memoryStore } from './saving/checkpoint.ts';
export { loadNetwork, networkArrays, saveNetwork } from './saving/network.ts';
export { randomShifts, type ShiftedPair } from './shift-averaging/random-shifts.ts';
export type { Shift } from './shift-averaging/shift.ts';
export {
  type ReconstructOptions,
  type ShiftAveraged,
  shiftAveraged,
} from './shift-averaging/shift-averaged.ts';
export { accumulated } from './training/accumulated.ts';
export { adam } from './training/adam.ts';
export {
  type BatchSource,
  batchSource,
  type Examples,
  type HostExamples,
  minibatches,
  type Pair,
  pairedMinibatches,
} from './training/batches.ts';
export { clipped } from './training/clipped.ts';
export type { EndEvent, EpochEvent, StepEvent, TrainingEvent } from './training/events.ts';
export { codeError, type Loss, type LossOptions, lasso, reconstruction } from './training/losses.ts';
export type { Optimizer, OptimizerRun, Rate } from './training/optimizer.ts';
export { type Summary, type TrainOptions, trainOptionNames } from './training/options.ts';
export { type Penalty, penalized, smoothness } from './training/penalties.ts';
export { stepDecay } from './training/schedules.ts';
export { sgd } from './training/sgd.ts';
export type { GradientStage, Stage, UpdateContext, UpdateStage } from './training/stage.ts';
export { targetError, targetLikelihood } from './training/target-losses.ts';
export { train } from './training/train.ts';
export { type UnrollOptions, unroll } from './unroll.ts';
