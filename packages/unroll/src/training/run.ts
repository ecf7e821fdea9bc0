import type { Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Network, type Random, random, refuse } from '@unrolled/contracts';
import { pacer } from '@unrolled/solvers';
import { encodeCheckpoint, type Progress, restoreCheckpoint } from '../saving/checkpoint.ts';
import type { OptimizerRun } from './optimizer.ts';
import type { TrainOptions } from './options.ts';
import { isGradientStage, type Stage } from './stage.ts';

/** A training run: what it owns besides the network (optimisers with their moments, the best parameters), and where it stands. */
export interface Run<B> {
  readonly network: Network;
  readonly options: TrainOptions<B>;
  readonly stages: readonly Stage<B>[];
  readonly random: Random;
  /** The variables of every gradient stage. */
  readonly variables: ReadonlyMap<string, readonly Variable[]>;
  readonly optimizers: ReadonlyMap<string, OptimizerRun>;
  /** Copies of the parameters, under early stopping: those of the best epoch, where `progress.best` has a loss. */
  readonly best: { readonly [name: string]: Variable };
  /** Lets timers and events be heard. */
  readonly breathe: () => Promise<void>;
  progress: Progress;
}

export function beginRun<B>(network: Network, options: TrainOptions<B>, batches: number | null): Run<B> {
  const { stages, seed = 0, patience } = options;
  const gradientStages = stages.filter(isGradientStage<B>);
  const variables = new Map(gradientStages.map(({ name, train }) => [name, trainedBy(network, name, train)]));
  const nothing = { epoch: 1, batch: 0, step: 0, losses: {}, best: null, waited: 0, memory: {} };
  return {
    network,
    options,
    stages,
    random: random(seed),
    variables,
    optimizers: new Map(
      gradientStages.map(({ name, optimizer }) => [name, optimizer.begin(variables.get(name)!)]),
    ),
    best: patience === undefined ? {} : copies(network.variables),
    breathe: pacer(),
    progress: { seed, batches, ...nothing },
  };
}

/** Frees what a run owns. Whoever leaves under early stopping, in whatever way, is left with the best parameters. */
export function endRun<B>(run: Run<B>): void {
  for (const optimizer of run.optimizers.values()) optimizer.dispose();
  for (const [name, variable] of Object.entries(run.best)) {
    const now = run.network.variables[name]!;
    if (run.progress.best !== null && !now.isDisposed) now.assign(variable);
    variable.dispose();
  }
}

/** Sets a run to where its checkpoint says that it stood, if there is one. */
export async function resumeRun<B>(run: Run<B>): Promise<void> {
  const bytes = await run.options.checkpoint?.store.read();
  if (bytes === undefined) return;
  run.progress = restoreCheckpoint(bytes, run, run.progress);
  for (const stage of run.stages)
    if (!isGradientStage(stage)) stage.memory?.load(run.progress.memory[stage.name]);
}

/** Writes a checkpoint where there is a store. */
export async function writeRun<B>(run: Run<B>): Promise<void> {
  const { store } = run.options.checkpoint ?? {};
  if (!store) return;
  const memory = Object.fromEntries(
    run.stages.flatMap((stage) =>
      !isGradientStage(stage) && stage.memory ? [[stage.name, stage.memory.save()]] : [],
    ),
  );
  await store.write(await encodeCheckpoint(run, { ...run.progress, memory }));
}

/** The variables of a stage's parameters, with their copies for layers and the decoder's own. */
function trainedBy(network: Network, stage: string, parameters: readonly string[]): readonly Variable[] {
  const found = parameters.flatMap((parameter) => {
    const decoder = parameter.replace(/^operator\./, 'decoder.');
    const own = Object.entries(network.variables)
      .filter(([name]) => name === parameter || name.startsWith(`${parameter}/`) || name === decoder)
      .map(([, variable]) => variable);
    if (!own.some(({ trainable }) => trainable)) {
      const trainable = Object.entries(network.variables).filter(([, variable]) => variable.trainable);
      refuse(
        `stages.${stage}.train`,
        parameter,
        `one of those that unroll was told to train: ${trainable.map(([name]) => name)}`,
      );
    }
    return own;
  });
  if (found.length === 0) refuse(`stages.${stage}.train`, parameters, 'at least one parameter');
  return found;
}

const copies = (variables: { readonly [name: string]: Variable }): Record<string, Variable> =>
  Object.fromEntries(
    Object.entries(variables).map(([name, variable]) => [name, tf.variable(variable, false)]),
  );
