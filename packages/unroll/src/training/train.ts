import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Network,
  random,
  refuse,
  requireInteger,
  requireKnownOptions,
  throwIfAborted,
  UnrolledError,
} from '@unrolled/contracts';
import {
  type CheckpointStore,
  encodeCheckpoint,
  type Progress,
  restoreCheckpoint,
} from '../saving/checkpoint.ts';
import { type BatchSource, type HostExamples, minibatches } from './batches.ts';
import type { TrainingEvent } from './events.ts';
import { gradientStep } from './gradient-step.ts';
import type { OptimizerRun } from './optimizer.ts';
import { isGradientStage, type Stage, type UpdateStage } from './stage.ts';

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
  /** Stops after so many epochs without a better validation loss, and goes back to the best parameters. */
  readonly patience?: number;
  /** Aborting makes the loop throw ABORTED between two batches, with a checkpoint written where there is a store. */
  readonly signal?: AbortSignal;
  /** Where a checkpoint is kept, and after how many batches it is written (default: every epoch). A run goes on from it. */
  readonly checkpoint?: { readonly store: CheckpointStore; readonly everySteps?: number };
}

/**
 * Trains a network, as an async iterator of events: whoever iterates decides what to show, and when to stop.
 *
 * After every update the network's constraints are applied and what follows from its parameters is computed again. A run with
 * a checkpoint goes on from it bit for bit, wherever it was killed. Leaving the loop leaves no tensor behind but the network's own.
 *
 * @param network changed in place
 * @param examples `[examples, …]` as a tensor or on the host, or a source of batches
 * @throws DIVERGED where a loss is not finite, with the parameters of the last good update; ABORTED; INVALID_FILE where the
 *   checkpoint is not one of this run
 * @example
 * const stages = [{ name: 'filters', train: ['operator.filters'], loss: reconstruction(), optimizer: adam({ rate: 0.01 }) }];
 * for await (const event of train(network, examples, { stages, epochs: 10 })) if (event.type === 'epoch') console.log(event.losses);
 */
export async function* train<B = Tensor>(
  network: Network,
  examples: Tensor | HostExamples | BatchSource<B>,
  options: TrainOptions<B>,
): AsyncGenerator<TrainingEvent, void, void> {
  const source =
    'epoch' in examples
      ? examples
      : (minibatches(examples, options.batchSize ?? 32) as unknown as BatchSource<B>);
  const run = begin(network, options);
  const { epochs, stages, signal, checkpoint, patience } = options;
  try {
    let progress = await resume(run, checkpoint?.store);
    while (progress.epoch <= epochs) {
      const started = performance.now();
      const epochRandom = run.random.split('epoch').split(progress.epoch);
      let done = 0;
      let last: B | undefined;
      try {
        for await (const batch of source.epoch(epochRandom.split('batches'))) {
          if (last !== undefined) tf.dispose(last as Tensor);
          last = batch;
          if (++done <= progress.batch) continue;
          if (signal?.aborted) {
            await write(run, progress, checkpoint?.store);
            throwIfAborted(signal);
          }
          const before = performance.now();
          const losses: Record<string, number> = {};
          for (const stage of stages) {
            if (!isGradientStage(stage) && stage.when === 'epoch') continue;
            const loss = await runStage(
              run,
              stage,
              batch,
              progress.epoch,
              progress.step + 1,
              epochRandom.split(done),
            );
            if (loss !== undefined) losses[stage.name] = loss;
          }
          progress = {
            ...progress,
            batch: done,
            step: progress.step + 1,
            sums: Object.fromEntries(
              Object.entries(losses).map(([name, loss]) => [name, (progress.sums[name] ?? 0) + loss]),
            ),
          };
          if (checkpoint?.everySteps !== undefined && progress.step % checkpoint.everySteps === 0) {
            await write(run, progress, checkpoint.store);
          }
          const size = (batch as { shape?: readonly number[] }).shape?.[0] ?? 1;
          const seconds = Math.max(1e-9, (performance.now() - before) / 1000);
          yield Object.freeze({
            type: 'step',
            epoch: progress.epoch,
            step: progress.step,
            losses: Object.freeze(losses),
            examplesPerSecond: size / seconds,
          });
        }
        if (last === undefined)
          throw new UnrolledError(
            'INVALID_ARGUMENT',
            'examples: expected at least one batch an epoch, got none',
          );
        for (const stage of stages) {
          if (isGradientStage(stage) || stage.when !== 'epoch') continue;
          await runStage(run, stage, last, progress.epoch, progress.step, epochRandom.split('update'));
        }
      } finally {
        if (last !== undefined) tf.dispose(last as Tensor);
      }
      const { epoch, step, sums } = progress;
      const verdict = await validate(run, options, progress);
      progress = { ...progress, ...verdict.progress, epoch: epoch + 1, batch: 0, sums: {} };
      await write(run, progress, checkpoint?.store);
      yield Object.freeze({
        type: 'epoch',
        epoch,
        step,
        losses: Object.freeze(
          Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / done])),
        ),
        ...verdict.report,
        seconds: (performance.now() - started) / 1000,
      });
      if (patience !== undefined && progress.waited >= patience) {
        yield Object.freeze({ type: 'end', reason: 'early stopping', epoch, step });
        return;
      }
    }
    yield Object.freeze({ type: 'end', reason: 'epochs', epoch: epochs, step: progress.step });
  } finally {
    // Whoever leaves under early stopping, in whatever way, is left with the best parameters.
    await end(run);
  }
}

interface Run {
  readonly network: Network;
  readonly random: ReturnType<typeof random>;
  readonly seed: number;
  readonly variables: ReadonlyMap<string, readonly Variable[]>;
  readonly optimizers: ReadonlyMap<string, OptimizerRun>;
  readonly updates: readonly UpdateStage<never>[];
  readonly best: { readonly [name: string]: Variable };
  found: boolean;
}

function begin<B>(network: Network, options: TrainOptions<B>): Run {
  requireKnownOptions('train', options, [
    'stages',
    'epochs',
    'batchSize',
    'seed',
    'validation',
    'patience',
    'signal',
    'checkpoint',
  ]);
  const { stages, epochs, seed = 0, patience, validation, checkpoint } = options;
  requireInteger('epochs', epochs);
  if (patience !== undefined) requireInteger('patience', patience);
  if (patience !== undefined && !validation)
    refuse('patience', patience, 'no patience without a validation loss');
  if (checkpoint?.everySteps !== undefined) requireInteger('checkpoint.everySteps', checkpoint.everySteps);
  if (!Array.isArray(stages) || stages.length === 0) refuse('stages', stages, 'at least one stage');
  const names = stages.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuse('stages', twice, 'stages of different names');

  const gradientStages = stages.filter(isGradientStage<B>);
  const variables = new Map(
    gradientStages.map((stage) => [stage.name, trainedBy(network, stage.name, stage.train)]),
  );
  return {
    network,
    random: random(seed),
    seed,
    variables,
    optimizers: new Map(
      gradientStages.map((stage) => [stage.name, stage.optimizer.begin(variables.get(stage.name)!)]),
    ),
    updates: stages.filter(
      (stage): stage is UpdateStage<B> => !isGradientStage(stage),
    ) as unknown as UpdateStage<never>[],
    best: patience === undefined ? {} : copies(network.variables),
    found: false,
  };
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

async function resume(run: Run, store: CheckpointStore | undefined): Promise<Progress> {
  const fresh: Progress = {
    seed: run.seed,
    epoch: 1,
    batch: 0,
    step: 0,
    sums: {},
    best: null,
    waited: 0,
    memory: {},
  };
  const bytes = await store?.read();
  if (bytes === undefined) return fresh;
  const progress = restoreCheckpoint(bytes, run, run.seed);
  for (const { name, memory } of run.updates) memory?.load(progress.memory[name]);
  run.found = progress.best !== null;
  return progress;
}

async function write(run: Run, progress: Progress, store: CheckpointStore | undefined): Promise<void> {
  if (!store) return;
  const memory = Object.fromEntries(
    run.updates.flatMap(({ name, memory }) => (memory ? [[name, memory.save()]] : [])),
  );
  await store.write(await encodeCheckpoint(run, { ...progress, memory }));
}

async function runStage<B>(
  run: Run,
  stage: Stage<B>,
  batch: B,
  epoch: number,
  step: number,
  own: ReturnType<typeof random>,
): Promise<number | undefined> {
  const { network } = run;
  const resetOptimizer = (name: string): void => {
    const optimizer = run.optimizers.get(name);
    if (!optimizer) refuse('resetOptimizer', name, `one of ${[...run.optimizers.keys()].join(', ')}`);
    else optimizer.reset();
  };
  const loss = isGradientStage(stage)
    ? await gradientStep(
        stage,
        network,
        batch,
        run.variables.get(stage.name)!,
        run.optimizers.get(stage.name)!,
      )
    : await stage.update({ network, batch, epoch, step, random: own.split(stage.name), resetOptimizer });
  network.constrain();
  await network.refresh();
  return loss;
}

async function validate<B>(run: Run, { validation, patience }: TrainOptions<B>, progress: Progress) {
  if (!validation) return { progress: {}, report: {} };
  const scalar = tf.tidy(() => validation(run.network));
  const [loss] = await scalar.data();
  scalar.dispose();
  if (!Number.isFinite(loss)) throw new UnrolledError('DIVERGED', `validation: the loss is ${loss}`);
  const best = progress.best === null || loss! < progress.best;
  if (best && patience !== undefined) {
    for (const [name, variable] of Object.entries(run.best)) variable.assign(run.network.variables[name]!);
    run.found = true;
  }
  return {
    progress: { best: best ? loss! : progress.best, waited: best ? 0 : progress.waited + 1 },
    report: { validation: loss!, best },
  };
}

async function end(run: Run): Promise<void> {
  for (const optimizer of run.optimizers.values()) optimizer.dispose();
  for (const [name, variable] of Object.entries(run.best)) {
    const now = run.network.variables[name]!;
    if (run.found && !now.isDisposed) now.assign(variable);
    variable.dispose();
  }
}
