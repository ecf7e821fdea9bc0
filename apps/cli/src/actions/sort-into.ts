import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SpikeTruth } from '@unrolled/data';
import { type FloatArray, sortRecording } from '@unrolled/spikes';
import type { SortingOptions } from '../commands/sorting-options.ts';
import { type Evaluation, evaluateSorting } from '../evaluation.ts';
import type { DenoisedFile } from '../output/denoised.ts';
import { type SortingResult, writeSortingFolder } from '../output/sorting-folder.ts';
import { figureFile, reportFile, type Summary } from '../output/summary.ts';
import type { GlobalOptions } from '../program.ts';
import type { Progress } from '../progress.ts';
import { reportOf } from '../report/report.ts';
import { tellingProgress } from './engine-progress.ts';
import { sortingExecutor } from './sorting-executor.ts';

export interface SortingJob extends Omit<SortingResult, 'sorted' | 'options'> {
  readonly options: SortingResult['options'] & Pick<SortingOptions, 'find'> & Pick<GlobalOptions, 'backend'>;
  /** As the user said it: the result does not depend on it. */
  readonly threads?: number | undefined;
  readonly progress: Progress;
  readonly denoised?: DenoisedFile | undefined;
  /** For a recording that was simulated. */
  readonly truth?: {
    readonly spikes: SpikeTruth;
    readonly templates: FloatArray;
    /** Seconds. */
    readonly tolerance: number;
  };
}

/** Sorts a recording and writes all that a sorting folder holds. */
export async function sortInto(
  folder: string,
  job: SortingJob,
): Promise<{ readonly summary: Summary; readonly evaluation: Evaluation | undefined }> {
  const { checked, learned, denoised, progress, truth, options, threads } = job;
  const { recording, rate } = checked;
  const executor = sortingExecutor(threads, options, recording);
  const sorted = await sortRecording(recording, learned, {
    rate,
    find: options.find,
    executor,
    onProgress: tellingProgress(progress),
    ...(denoised && { onDenoised: (_start: number, values: Float32Array) => denoised.write(values) }),
  });
  await executor?.close();
  progress.stage('writing');
  const result = { ...job, sorted };
  const evaluation = truth && evaluateSorting(truth.spikes, sorted, rate, truth.tolerance);
  const summary = writeSortingFolder(folder, result);
  const known = truth && evaluation && { ...truth, evaluation };
  const { report, figure } = await reportOf(result, progress.times(), known);
  writeFileSync(join(folder, reportFile), report);
  writeFileSync(join(folder, figureFile), figure);
  progress.finish();
  return { summary, evaluation };
}
