import { defineTask, type StartedTask } from '@unrolled/parallel';
import { workerThreads } from '@unrolled/parallel/node';
import type { ExperimentContext } from '../experiment.ts';
import type { Job, JobResult } from './job.ts';
import { isLearned, type Method, methods } from './methods.ts';
import type { ScenarioPlan } from './plan.ts';
import { type Ingredients, isThere, type Prepared, prepare } from './prepare.ts';
import { type Timing, timings } from './timing.ts';

/** Everything about one scenario. */
export interface PartResult {
  readonly prepared: Prepared;
  readonly runs: readonly JobResult[];
  readonly timings: readonly Timing[];
}

const task = defineTask<undefined, Job, JobResult>({
  module: new URL('./job.js', import.meta.url),
  name: 'jobs',
});

/** Prepares a scenario and runs every method at every T, as many at a time as there are cores. */
export async function part(
  context: ExperimentContext,
  name: string,
  plan: ScenarioPlan,
  options: {
    readonly ingredients: () => Promise<Ingredients>;
    readonly pictures: number;
    readonly origin: string;
  },
): Promise<PartResult> {
  const { results, seed, signal, log } = context;
  const { epochs: epochsAt, ...plain } = plan;
  const settings = { seed, plan: plain, origin: options.origin };
  const make = async (): Promise<Prepared> => prepare(context, name, plan, await options.ingredients());
  const kept = await results.once(`${name} scenario`, settings, make);
  const prepared = isThere(kept) ? kept : await make();
  const executor = workerThreads({ threads: 2 });
  try {
    const started: StartedTask<Job, JobResult> = await executor.start(task, undefined);
    const listed = methods
      .flatMap((method) => depthsOf(plan, method).map((layers) => ({ method, layers })))
      // The longest first, so that none is left alone at the end.
      .sort((a, b) => costOf(b) - costOf(a));
    const runs = await Promise.all(
      listed.map(({ method, layers }) => {
        const job: Job = {
          scenario: prepared.path,
          method,
          layers,
          seed,
          settings: plan.settings,
          rounds: plan.rounds,
          epochs: epochsAt(layers),
          batchSize: plan.batchSize,
          pictures: options.pictures,
        };
        const { scenario, ...own } = job;
        return results.once(`${name} ${method} ${layers}`, { ...own, of: settings }, () =>
          started.run(job, { signal, transfer: [] }),
        );
      }),
    );
    await started.stop();
    log(`${name}: ${runs.length} encoders`);
    const measured = await results.once(`${name} timings`, { of: settings, runs: listed }, () =>
      timings(context, prepared.path, runs),
    );
    return { prepared, runs, timings: measured };
  } finally {
    await executor.close();
  }
}

const depthsOf = (plan: ScenarioPlan, method: Method): readonly number[] =>
  isLearned(method) ? plan.depths : plan.steps;

const costOf = ({ method, layers }: { readonly method: Method; readonly layers: number }): number =>
  layers * (isLearned(method) ? 1000 : 1);
