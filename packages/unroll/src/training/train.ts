import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Named,
  type Network,
  refuse,
  requireInteger,
  requireKnownOptions,
  throwIfAborted,
  UnrolledError,
} from '@unrolled/contracts';
import { pacer } from '@unrolled/solvers';
import type { CheckpointStore } from '../saving/checkpoint.ts';
import { type BatchSource, type HostExamples, minibatches } from './batches.ts';
import type { TrainingEvent } from './events.ts';
import { beginRun, endRun, resumeRun, writeRun } from './run.ts';
import { isGradientStage, type Stage } from './stage.ts';
import { runStages } from './step.ts';
import { validate } from './validation.ts';

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
  /** Numbers to be told with every event: λ, an error against the truth. */
  readonly summary?: (network: Network) => Summary | Promise<Summary>;
}

/** Numbers by name. */
export type Summary = { readonly [name: string]: number };

/**
 * Trains a network, as an async iterator of events: whoever iterates decides what to show, and when to stop.
 *
 * After every update the network's constraints are applied and what follows from its parameters is computed again. A run with
 * a checkpoint goes on from it bit for bit, wherever it was killed. Leaving the loop leaves no tensor behind but the network's own.
 *
 * @param network changed in place
 * @param examples `[examples, …]` as a tensor or on the host, tensors of one shape, or a source of batches
 * @throws DIVERGED where a loss is not finite, with the parameters of the last good step; ABORTED; INVALID_FILE where the
 *   checkpoint is not one of this run
 * @example
 * const stages = [{ name: 'filters', train: ['operator.filters'], loss: reconstruction(), optimizer: adam({ rate: 0.01 }) }];
 * for await (const event of train(network, examples, { stages, epochs: 10 })) if (event.type === 'epoch') console.log(event.losses);
 */
export async function* train<B = Tensor>(
  network: Network,
  examples: Tensor | readonly Tensor[] | HostExamples | BatchSource<B>,
  options: TrainOptions<B>,
): AsyncGenerator<TrainingEvent, void, void> {
  requireOptions(options);
  const { epochs, stages, seed = 0, batchSize = 32, signal, checkpoint, patience, validation } = options;
  // Batches of examples are tensors: `B` is anything else only where the source is the caller's own.
  const source =
    'epoch' in examples
      ? examples
      : (minibatches(examples, batchSize) as BatchSource<unknown> as BatchSource<B>);
  const summarize = async () =>
    options.summary && { summary: Object.freeze({ ...(await options.summary(network)) }) };
  const perStep = stages.filter((stage) => isGradientStage(stage) || stage.when !== 'epoch');
  const perEpoch = stages.filter((stage) => !perStep.includes(stage));
  const breathe = pacer();
  const run = beginRun(network, stages, { seed, keepBest: patience !== undefined });
  try {
    let progress = await resumeRun(run, checkpoint?.store, source.batches ?? null);
    while (progress.epoch <= epochs) {
      const { epoch } = progress;
      const started = performance.now();
      const random = run.random.split('epoch').split(epoch);
      let done = 0;
      let batch: B | undefined;
      try {
        for await (const next of source.epoch(random.split('batches'))) {
          dispose(batch);
          batch = next;
          // A resumed epoch draws the batches that are done again, so that the generator is where it was.
          if (++done <= progress.batch) continue;
          await breathe();
          if (signal?.aborted) {
            await writeRun(run, progress, checkpoint?.store);
            throwIfAborted(signal);
          }
          const before = performance.now();
          const step = progress.step + 1;
          const losses = await runStages(run, perStep, { batch, epoch, step, random: random.split(done) });
          const sums = Object.entries(losses).map(([name, loss]) => [
            name,
            (progress.sums[name] ?? 0) + loss,
          ]);
          progress = { ...progress, batch: done, step, sums: Object.fromEntries(sums) };
          if (checkpoint?.everySteps !== undefined && step % checkpoint.everySteps === 0) {
            await writeRun(run, progress, checkpoint.store);
          }
          const examplesPerSecond = sizeOf(batch) / Math.max(1e-6, (performance.now() - before) / 1000);
          Object.freeze(losses);
          yield Object.freeze({
            type: 'step',
            epoch,
            step,
            losses,
            examplesPerSecond,
            ...(await summarize()),
          });
        }
        if (batch === undefined) {
          throw new UnrolledError(
            'INVALID_ARGUMENT',
            'examples: expected at least one batch an epoch, got none',
          );
        }
        if (perEpoch.length > 0)
          await runStages(run, perEpoch, {
            batch,
            epoch,
            step: progress.step,
            random: random.split('update'),
          });
      } finally {
        dispose(batch);
      }
      const { step, sums } = progress;
      const means = Object.entries(sums).map(([name, sum]) => [name, sum / done]);
      const verdict = await validate(run, progress, validation);
      progress = { ...progress, ...verdict.progress, epoch: epoch + 1, batch: 0, sums: {} };
      await writeRun(run, progress, checkpoint?.store);
      yield Object.freeze({
        type: 'epoch',
        epoch,
        step,
        losses: Object.freeze(Object.fromEntries(means)),
        ...verdict.report,
        seconds: (performance.now() - started) / 1000,
        ...(await summarize()),
      });
      if (patience !== undefined && progress.waited >= patience) {
        yield Object.freeze({ type: 'end', reason: 'early stopping', epoch, step });
        return;
      }
    }
    yield Object.freeze({ type: 'end', reason: 'epochs', epoch: epochs, step: progress.step });
  } finally {
    endRun(run);
  }
}

const dispose = (batch: unknown): void => {
  tf.dispose(batch as Tensor | undefined);
};

/** The examples in a batch: a tensor, or a record of tensors. */
function sizeOf(batch: unknown): number {
  const first = batch instanceof tf.Tensor ? batch : Object.values(batch as Named)[0];
  return first?.shape?.[0] ?? 1;
}

function requireOptions<B>(options: TrainOptions<B>): void {
  requireKnownOptions('train', options, [
    'stages',
    'epochs',
    'batchSize',
    'seed',
    'validation',
    'patience',
    'signal',
    'checkpoint',
    'summary',
  ]);
  const { stages, epochs, patience, validation, checkpoint } = options;
  requireInteger('epochs', epochs);
  if (patience !== undefined) requireInteger('patience', patience);
  if (patience !== undefined && !validation)
    refuse('patience', patience, 'no patience without a validation loss');
  if (checkpoint?.everySteps !== undefined) requireInteger('checkpoint.everySteps', checkpoint.everySteps);
  if (!Array.isArray(stages) || stages.length === 0) refuse('stages', stages, 'at least one stage');
}
