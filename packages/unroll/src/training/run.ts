import type { Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Network, type Random, random, refuse, UnrolledError } from '@unrolled/contracts';
import {
  type CheckpointStore,
  encodeCheckpoint,
  type Progress,
  restoreCheckpoint,
} from '../saving/checkpoint.ts';
import type { OptimizerRun } from './optimizer.ts';
import { isGradientStage, type Stage } from './stage.ts';

/** What a training run owns besides the network: optimisers with their moments, the best parameters, its generator. */
export interface Run<B> {
  readonly network: Network;
  readonly stages: readonly Stage<B>[];
  readonly seed: number;
  readonly random: Random;
  /** The variables of every gradient stage. */
  readonly variables: ReadonlyMap<string, readonly Variable[]>;
  readonly optimizers: ReadonlyMap<string, OptimizerRun>;
  /** Copies of the parameters, under early stopping. */
  readonly best: { readonly [name: string]: Variable };
  /** `best` holds the parameters of an epoch. */
  found: boolean;
}

export function beginRun<B>(
  network: Network,
  stages: readonly Stage<B>[],
  { seed, keepBest }: { readonly seed: number; readonly keepBest: boolean },
): Run<B> {
  const names = stages.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuse('stages', twice, 'stages of different names');
  const gradientStages = stages.filter(isGradientStage<B>);
  const variables = new Map(gradientStages.map(({ name, train }) => [name, trainedBy(network, name, train)]));
  return {
    network,
    stages,
    seed,
    random: random(seed),
    variables,
    optimizers: new Map(
      gradientStages.map(({ name, optimizer }) => [name, optimizer.begin(variables.get(name)!)]),
    ),
    best: keepBest ? copies(network.variables) : {},
    found: false,
  };
}

/** Frees what a run owns. Whoever leaves under early stopping, in whatever way, is left with the best parameters. */
export function endRun<B>(run: Run<B>): void {
  for (const optimizer of run.optimizers.values()) optimizer.dispose();
  for (const [name, variable] of Object.entries(run.best)) {
    const now = run.network.variables[name]!;
    if (run.found && !now.isDisposed) now.assign(variable);
    variable.dispose();
  }
}

/** Where a run begins: at a checkpoint where there is one, else at the first batch of the first epoch. */
export async function resumeRun<B>(
  run: Run<B>,
  store: CheckpointStore | undefined,
  batches: number | null,
): Promise<Progress> {
  const bytes = await store?.read();
  if (bytes === undefined) {
    const nothing = { sums: {}, best: null, waited: 0, memory: {} };
    return { seed: run.seed, batches, epoch: 1, batch: 0, step: 0, ...nothing };
  }
  const progress = restoreCheckpoint(bytes, run, run.seed);
  if (progress.batches !== batches) {
    const [made, now] = [progress.batches, batches].map(
      (count) => `${count ?? 'any number of'} batches an epoch`,
    );
    throw new UnrolledError('INVALID_FILE', `checkpoint: it was made with ${made}, this run has ${now}`);
  }
  for (const stage of run.stages)
    if (!isGradientStage(stage)) stage.memory?.load(progress.memory[stage.name]);
  run.found = progress.best !== null;
  return progress;
}

/** Writes a checkpoint where there is a store. */
export async function writeRun<B>(
  run: Run<B>,
  progress: Progress,
  store: CheckpointStore | undefined,
): Promise<void> {
  if (!store) return;
  const memory = Object.fromEntries(
    run.stages.flatMap((stage) =>
      !isGradientStage(stage) && stage.memory ? [[stage.name, stage.memory.save()]] : [],
    ),
  );
  await store.write(await encodeCheckpoint(run, { ...progress, memory }));
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
