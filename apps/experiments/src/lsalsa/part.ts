import { defineTask, type Executor, type StartedTask } from '@unrolled/parallel';
import type { ExperimentContext } from '../experiment.ts';
import type { Job, JobResult } from './job.ts';
import { isLearned, type Method, methods } from './methods.ts';
import type { PartName } from './part-names.ts';
import { plans, type ScenarioPlan } from './plan.ts';
import { isThere, type Prepared } from './prepare.ts';
import type { Recipe } from './scenario-task.ts';
import { type Timing, timings } from './timing.ts';

/** Everything about one scenario. */
export interface PartResult {
  readonly prepared: Prepared;
  readonly runs: readonly JobResult[];
  readonly timings: readonly Timing[];
}

const scenarioTask = defineTask<undefined, Recipe, Prepared>({
  module: new URL('./scenario-task.js', import.meta.url),
  name: 'scenarios',
});
const jobTask = defineTask<undefined, Job, JobResult>({
  module: new URL('./job.js', import.meta.url),
  name: 'jobs',
});

/** What parts are run on: the threads, and where the pictures are. */
export interface Workshop {
  readonly context: ExperimentContext;
  readonly executor: Executor;
  /** Undefined: they are drawn. */
  readonly pictureFolder: string | undefined;
}

/** Prepares some scenarios and runs every method at every T on each, as many at a time as there are threads. */
export async function runParts(
  workshop: Workshop,
  names: readonly PartName[],
): Promise<{ readonly [N in PartName]?: PartResult }> {
  const { context, executor } = workshop;
  const scenarios = await executor.start(scenarioTask, undefined);
  const jobs = await executor.start(jobTask, undefined);
  const found = await Promise.all(names.map((name) => encoders(workshop, name, { scenarios, jobs })));
  await Promise.all([scenarios.stop(), jobs.stop()]);
  const parts: [PartName, PartResult][] = [];
  // Timed when the threads have nothing else to do.
  for (const [index, { prepared, runs, settings }] of found.entries()) {
    const name = names[index]!;
    const measured = await context.results.once(`${name} timings`, settings, () =>
      timings(context, prepared.path, runs),
    );
    parts.push([name, { prepared, runs, timings: measured }]);
  }
  return Object.fromEntries(parts);
}

interface Started {
  readonly scenarios: StartedTask<Recipe, Prepared>;
  readonly jobs: StartedTask<Job, JobResult>;
}

async function encoders({ context, pictureFolder }: Workshop, name: PartName, { scenarios, jobs }: Started) {
  const { results, size, seed, signal, log } = context;
  const plan = plans[size][name];
  // Functions are not in JSON: what they give is in the settings of each run.
  const settings = { seed, plan, drawn: pictureFolder === undefined };
  const recipe: Recipe = { name, size, seed, dataFolder: pictureFolder, folder: results.folder };
  const make = (): Promise<Prepared> => scenarios.run(recipe, { signal, transfer: [] });
  const kept = await results.once(`${name} scenario`, settings, make);
  const prepared = isThere(kept) ? kept : await make();
  const listed = methods
    .flatMap((method) => depthsOf(plan, method).map((layers) => ({ method, layers })))
    // The longest first, so that none is left alone at the end.
    .sort((a, b) => costOf(b) - costOf(a));
  const runs = await Promise.all(
    listed.map(({ method, layers }) => {
      const own = {
        method,
        layers,
        seed,
        untrained: plan.untrained,
        settings: isLearned(method) ? plan.settings : 0,
        rounds: isLearned(method) ? plan.rounds(layers) : [],
        epochs: isLearned(method) ? plan.epochs(layers) : 0,
        batchSize: plan.batchSize,
        pictures: prepared.components === 0 ? 0 : plan.pictures,
      };
      return results.once(`${name} ${method} ${layers}`, { ...own, of: settings }, () =>
        jobs.run({ ...own, scenario: prepared.path }, { signal, transfer: [] }),
      );
    }),
  );
  log(`${name}: ${runs.length} encoders`);
  return { prepared, runs, settings };
}

const depthsOf = (plan: ScenarioPlan, method: Method): readonly number[] =>
  isLearned(method) ? plan.depths : plan.steps;

const costOf = ({ method, layers }: { readonly method: Method; readonly layers: number }): number =>
  layers * (isLearned(method) ? 1000 : 1);
