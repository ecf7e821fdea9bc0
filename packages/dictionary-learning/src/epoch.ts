import { isUnrolledError, throwIfAborted } from '@unrolled/contracts';
import { codesOf } from './codes.ts';
import type { DictionaryEpochEvent, DictionaryStepEvent } from './events.ts';
import { rowsOf } from './examples.ts';
import { type Run, writeRun } from './run.ts';

/** What is left of the epoch that a run is in, batch by batch. */
export async function* learnEpoch(
  run: Run,
): AsyncGenerator<DictionaryStepEvent | DictionaryEpochEvent, void, void> {
  const started = performance.now();
  const { batchSize, shuffle, checkpoint } = run.settings;
  const { epoch } = run.progress;
  const examples = run.data.shape[0]!;
  const order = shuffle
    ? run.random.split('epoch').split(epoch).permutation(examples)
    : Int32Array.from({ length: examples }, (_, index) => index);
  for (let start = run.progress.batch * batchSize; start < examples; start += batchSize) {
    await run.breathe();
    const event = await orCheckpoint(run, () => learnStep(run, order.subarray(start, start + batchSize)));
    if (checkpoint?.everySteps !== undefined && event.step % checkpoint.everySteps === 0) await writeRun(run);
    yield event;
  }
  const { step, sum, before } = run.progress;
  const objective = sum / examples;
  const settled = before !== null && Math.abs(before - objective) < run.settings.tolerance * Math.abs(before);
  run.progress = { epoch: epoch + 1, batch: 0, step, sum: 0, before: objective, settled };
  await writeRun(run);
  const seconds = (performance.now() - started) / 1000;
  yield Object.freeze({ type: 'epoch', epoch, step, objective, seconds });
}

/** Runs a step; where it is aborted, nothing of it has happened, and that is what the checkpoint holds. */
async function orCheckpoint<T>(run: Run, step: () => Promise<T>): Promise<T> {
  try {
    throwIfAborted(run.settings.signal);
    return await step();
  } catch (error) {
    if (isUnrolledError(error, 'ABORTED')) await writeRun(run);
    throw error;
  }
}

async function learnStep(run: Run, rows: Int32Array): Promise<DictionaryStepEvent> {
  const started = performance.now();
  const { settings, prior, atoms, progress } = run;
  const { codes, signal, constraint } = settings;
  const signals = rowsOf(run.data, rows);
  const { batch, objective } = await codesOf(atoms, signals, { prior, codes, ...(signal && { signal }) });
  const step = progress.step + 1;
  const seeded = run.update.update(atoms, batch, {
    step,
    constraint,
    random: run.random.split('step').split(step),
  });
  run.progress = {
    ...progress,
    batch: progress.batch + 1,
    step,
    sum: progress.sum + objective * batch.examples,
  };
  return Object.freeze({
    type: 'step',
    epoch: progress.epoch,
    step,
    objective,
    sparsity: batch.codes.reduce((zeros, code) => zeros + (code === 0 ? 1 : 0), 0) / batch.codes.length,
    seeded,
    examplesPerSecond: batch.examples / Math.max(1e-6, (performance.now() - started) / 1000),
  });
}
