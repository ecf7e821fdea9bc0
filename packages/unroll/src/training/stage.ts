import type { Tensor } from '@tensorflow/tfjs-core';
import { type Network, type Random, refuse, requireOneOf } from '@unrolled/contracts';
import type { Loss } from './losses.ts';
import type { Optimizer } from './optimizer.ts';

/** A block of parameters that descends on a loss, the rest held fixed. */
export interface GradientStage<B = Tensor> {
  readonly name: string;
  /** Parameters by their name in the iteration: copies for layers and the decoder's own go with them. */
  readonly train: readonly string[];
  readonly loss: Loss<B>;
  readonly optimizer: Optimizer;
}

/** An update in closed form, or any other that is not a gradient step. */
export interface UpdateStage<B = Tensor> {
  readonly name: string;
  /** After every batch (default), or after every epoch. */
  readonly when?: 'step' | 'epoch';
  /** Changes the network's variables. May return a number to be reported as this stage's loss. */
  update(context: UpdateContext<B>): number | undefined | Promise<number | undefined>;
  /** What the stage remembers between updates, as JSON: saved with checkpoints. */
  readonly memory?: { save(): unknown; load(saved: unknown): void };
}

/** What an update sees. */
export interface UpdateContext<B = Tensor> {
  readonly network: Network;
  /** The batch, lent; of an epoch's update the last one. */
  readonly batch: B;
  readonly epoch: number;
  readonly step: number;
  /** A generator for this update alone. */
  readonly random: Random;
  /** Makes the optimiser of a gradient stage forget its moments, after its parameters have jumped. */
  resetOptimizer(stage: string): void;
}

/**
 * One block update. Two-stage training, filters by gradient and then λ on the codes found, is two stages; so is any other scheme that
 * alternates.
 */
export type Stage<B = Tensor> = GradientStage<B> | UpdateStage<B>;

export function isGradientStage<B>(stage: Stage<B>): stage is GradientStage<B> {
  return 'loss' in stage;
}

/** Refuses a stage that lacks what it needs. */
export function requireStage<B>(name: string, stage: Stage<B>): void {
  if (typeof stage?.name !== 'string' || stage.name === '') refuse(`${name}.name`, stage?.name, 'a name');
  if (!isGradientStage(stage)) {
    if (typeof stage.update !== 'function')
      refuse(name, Object.keys(stage), 'a stage with `loss` or `update`');
    requireOneOf(`${name}.when`, stage.when ?? 'step', ['step', 'epoch']);
    return;
  }
  if (typeof stage.loss !== 'function') refuse(`${name}.loss`, stage.loss, 'a function');
  if (typeof stage.optimizer?.begin !== 'function')
    refuse(`${name}.optimizer`, stage.optimizer, 'an optimiser');
  if (!Array.isArray(stage.train)) refuse(`${name}.train`, stage.train, 'names of parameters');
}
