import type { Executor, Task } from '@unrolled/parallel';
import type { ExperimentContext } from '../experiment.ts';

/** Some work for a thread, under the name that its result is kept by. */
export interface NamedJob<Job> {
  readonly name: string;
  readonly job: Job;
}

/**
 * Runs jobs on worker threads, as many at a time as there are threads, in the order given: the longest first leaves no thread alone at the
 * end. What was done in an earlier run is not done again.
 *
 * @param task what a worker does with a job, both plain data
 * @returns results in the order of the jobs
 */
export async function runJobs<Job, Result>(
  { results, signal }: ExperimentContext,
  executor: Executor,
  task: Task<undefined, Job, Result>,
  jobs: readonly NamedJob<Job>[],
): Promise<Result[]> {
  const started = await executor.start(task, undefined);
  try {
    return await Promise.all(
      jobs.map(({ name, job }) => results.once(name, job, () => started.run(job, { signal, transfer: [] }))),
    );
  } finally {
    await started.stop();
  }
}
