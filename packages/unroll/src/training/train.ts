import type { Tensor } from '@tensorflow/tfjs-core';
import type { Network } from '@unrolled/contracts';
import { type BatchSource, batchSource, type Examples } from './batches.ts';
import { trainEpoch } from './epoch.ts';
import type { TrainingEvent } from './events.ts';
import { requireTrainOptions, type TrainOptions } from './options.ts';
import { beginRun, endRun, resumeRun } from './run.ts';

/**
 * Trains a network, as an async iterator of events: whoever iterates decides what to show, and when to stop.
 *
 * After every update the network's constraints are applied and what follows from its parameters is computed again. A run with
 * a checkpoint goes on from it bit for bit, wherever it was killed. Leaving the loop leaves no tensor behind but the network's own.
 *
 * @param network changed in place
 * @param examples `[examples, …]` as a tensor or on the host, or a list of tensors of one shape
 * @throws DIVERGED where a loss is not finite, with the parameters of the last good step (the best ones, with `patience`); ABORTED;
 *   INVALID_FILE where the checkpoint is not one of this run
 * @example
 * const stages = [{ name: 'filters', train: ['operator.filters'], loss: reconstruction(), optimizer: adam({ rate: 0.01 }) }];
 * for await (const event of train(network, examples, { stages, epochs: 10 })) if (event.type === 'epoch') console.log(event.losses);
 */
export function train(
  network: Network,
  examples: Examples,
  options: TrainOptions,
): AsyncGenerator<TrainingEvent, void, void>;
/**
 * Trains on batches of one's own: anything that `tf.dispose` frees, a tensor or `{ input, target }`, with losses to fit.
 *
 * @param batches a source, or just the generator of an epoch's batches: `function* (random) { … }`
 * @example
 * const loss: Loss<{ input: tf.Tensor; target: tf.Tensor }> = (network, { input, target }) =>
 *   tf.losses.meanSquaredError(target, network.encode(input));
 */
export function train<B = Tensor>(
  network: Network,
  batches: BatchSource<B> | BatchSource<B>['epoch'],
  options: TrainOptions<B>,
): AsyncGenerator<TrainingEvent, void, void>;
export async function* train<B>(
  network: Network,
  examples: Examples | BatchSource<B> | BatchSource<B>['epoch'],
  options: TrainOptions<B>,
): AsyncGenerator<TrainingEvent, void, void> {
  requireTrainOptions(options);
  const source = batchSource<B>(examples, options.batchSize);
  const { epochs, patience = Number.POSITIVE_INFINITY } = options;
  const run = beginRun(network, options, source.batches ?? null);
  try {
    await resumeRun(run);
    while (run.progress.epoch <= epochs && run.progress.waited < patience) yield* trainEpoch(run, source);
    const { epoch, step, waited } = run.progress;
    const reason = waited < patience ? 'epochs' : 'early stopping';
    yield Object.freeze({ type: 'end', reason, epoch: epoch - 1, step });
  } finally {
    endRun(run);
  }
}
