import type { Tensor } from '@tensorflow/tfjs-core';
import {
  type CheckpointStore,
  type Network,
  refuse,
  requireInteger,
  requireKnownOptions,
} from '@unrolled/contracts';
import { requireStage, type Stage } from './stage.ts';

/** Options of {@link train}. */
export interface TrainOptions<B = Tensor> {
  /** Block updates, in this order on every batch. */
  readonly stages: readonly Stage<B>[];
  readonly epochs: number;
  /** Where `examples` are an array; default 32. */
  readonly batchSize?: number;
  /** Decides the order of the examples and nothing else; default 0. */
  readonly seed?: number;
  /** The loss on data that is not trained on, after every epoch; a scalar, disposed of here. */
  readonly validation?: (network: Network) => Tensor;
  /**
   * Stops after so many epochs without a better validation loss. However the loop is left, the network then has the parameters of
   * the best epoch, where one is over; a checkpoint has the latest, to go on from.
   */
  readonly patience?: number;
  /** Aborting makes the loop throw ABORTED between two batches, with a checkpoint written where there is a store. */
  readonly signal?: AbortSignal;
  /** Where a checkpoint is kept, and after how many batches it is written (default: every epoch). A run goes on from it. */
  readonly checkpoint?: { readonly store: CheckpointStore; readonly everySteps?: number };
  /** Numbers to be told with every event: λ, an error against the truth. */
  readonly summary?: (network: Network) => Summary | Promise<Summary>;
}

/** Numbers by name. */
export type Summary = { readonly [name: string]: number };

/** The names of the options of `train` but `stages`: what a training with stages of its own passes on, and knows besides its own. */
export const trainOptionNames: readonly (keyof Omit<TrainOptions, 'stages'>)[] = Object.freeze([
  'epochs',
  'batchSize',
  'seed',
  'validation',
  'patience',
  'signal',
  'checkpoint',
  'summary',
]);

/** Refuses options of `train` that cannot be, before any work. */
export function requireTrainOptions<B>(options: TrainOptions<B>): void {
  requireKnownOptions('train', options, ['stages', ...trainOptionNames]);
  const { stages, epochs, patience, validation, checkpoint } = options;
  requireInteger('epochs', epochs);
  if (patience !== undefined) requireInteger('patience', patience);
  if (patience !== undefined && !validation)
    refuse('patience', patience, 'no patience without a validation loss');
  for (const option of ['validation', 'summary'] as const) {
    const given = options[option];
    if (given !== undefined && typeof given !== 'function')
      refuse(option, given, 'a function of the network');
  }
  if (checkpoint && typeof checkpoint.store?.write !== 'function')
    refuse('checkpoint.store', checkpoint.store, 'a store to read from and write to');
  if (checkpoint?.everySteps !== undefined) requireInteger('checkpoint.everySteps', checkpoint.everySteps);
  if (!Array.isArray(stages) || stages.length === 0) refuse('stages', stages, 'at least one stage');
  for (const [index, stage] of stages.entries()) requireStage(`stages[${index}]`, stage);
  const names = stages.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuse('stages', twice, 'stages of different names');
}
