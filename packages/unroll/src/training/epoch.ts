import { throwIfAborted, UnrolledError } from '@unrolled/contracts';
import { type BatchSource, disposeBatch, sizeOfBatch } from './batches.ts';
import type { EpochEvent, StepEvent } from './events.ts';
import { type Run, writeRun } from './run.ts';
import { isGradientStage, type Stage } from './stage.ts';
import { runStages, type StepContext } from './step.ts';
import { validate } from './validation.ts';

/** What is left of the epoch that a run is in: its batches, its updates after them, validation, and a checkpoint. */
export async function* trainEpoch<B>(
  run: Run<B>,
  source: BatchSource<B>,
): AsyncGenerator<StepEvent | EpochEvent, void, void> {
  const started = performance.now();
  const { epoch } = run.progress;
  const random = run.random.split('epoch').split(epoch);
  let done = 0;
  let batch: B | undefined;
  let updates: Record<string, number>;
  try {
    for await (const next of source.epoch(random.split('batches'))) {
      disposeBatch(batch);
      batch = next;
      // A resumed epoch draws the batches that are done again, so that the generator is where it was.
      if (++done <= run.progress.batch) continue;
      await run.breathe();
      await stopIfAborted(run);
      yield await trainStep(run, { batch, epoch, step: run.progress.step + 1, random: random.split(done) });
    }
    requireBatches(done, run.progress.batch);
    const last = { batch: batch as B, epoch, step: run.progress.step, random: random.split('update') };
    updates = await runStages(run, run.options.stages.filter(isPerEpoch), last);
  } finally {
    disposeBatch(batch);
  }
  yield await closeEpoch(run, updates, started);
}

const isPerEpoch = <B>(stage: Stage<B>): boolean => !isGradientStage(stage) && stage.when === 'epoch';

async function stopIfAborted<B>(run: Run<B>): Promise<void> {
  const { signal } = run.options;
  if (signal?.aborted) await writeRun(run);
  throwIfAborted(signal);
}

async function trainStep<B>(run: Run<B>, context: StepContext<B>): Promise<StepEvent> {
  const started = performance.now();
  const { batch, epoch, step } = context;
  const losses = await runStages(
    run,
    run.options.stages.filter((stage) => !isPerEpoch(stage)),
    context,
  );
  const seconds = Math.max(1e-6, (performance.now() - started) / 1000);

  const sums = { ...run.progress.losses };
  for (const [name, loss] of Object.entries(losses)) {
    const { count, sum } = sums[name] ?? { count: 0, sum: 0 };
    sums[name] = { count: count + 1, sum: sum + loss };
  }
  run.progress = { ...run.progress, batch: run.progress.batch + 1, step, losses: sums };
  const { everySteps } = run.options.checkpoint ?? {};
  if (everySteps !== undefined && step % everySteps === 0) await writeRun(run);
  return Object.freeze({
    type: 'step',
    epoch,
    step,
    losses: Object.freeze(losses),
    examplesPerSecond: sizeOfBatch(batch) / seconds,
    ...(await summarize(run)),
  });
}

async function closeEpoch<B>(
  run: Run<B>,
  updates: { readonly [stage: string]: number },
  started: number,
): Promise<EpochEvent> {
  const { epoch, step, losses } = run.progress;
  const means = Object.entries(losses).map(([name, { count, sum }]) => [name, sum / count]);
  const verdict = await validate(run);
  run.progress = { ...run.progress, ...verdict.progress, epoch: epoch + 1, batch: 0, losses: {} };
  await writeRun(run);
  return Object.freeze({
    type: 'epoch',
    epoch,
    step,
    losses: Object.freeze({ ...Object.fromEntries(means), ...updates }),
    ...verdict.report,
    seconds: (performance.now() - started) / 1000,
    ...(await summarize(run)),
  });
}

async function summarize<B>({ options, network }: Run<B>) {
  return options.summary && { summary: Object.freeze({ ...(await options.summary(network)) }) };
}

/** A source gave this many batches; a checkpoint says that so many were done. */
function requireBatches(given: number, done: number): void {
  if (given === 0)
    throw new UnrolledError('INVALID_ARGUMENT', 'examples: expected at least one batch an epoch, got none');
  if (given < done) {
    throw new UnrolledError(
      'INVALID_FILE',
      `checkpoint: ${done} batches of this epoch are done, but the source gives ${given}`,
    );
  }
}
