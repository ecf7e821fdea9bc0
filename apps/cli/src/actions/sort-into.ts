import type { DenoisedFile } from '../output/denoised.ts';
import { type SortingResult, writeSortingFolder } from '../output/sorting-folder.ts';
import type { Summary } from '../output/summary.ts';
import type { Progress } from '../progress.ts';
import { tellingProgress } from './engine-progress.ts';

/** Sorts a recording and writes all that a sorting folder holds. */
export async function sortInto(
  folder: string,
  job: Omit<SortingResult, 'sorted'> & {
    readonly denoised?: DenoisedFile | undefined;
    readonly progress: Progress;
  },
): Promise<Summary> {
  const { checked, learned, denoised, progress } = job;
  const { recording, rate } = checked;
  const { sortRecording } = await import('./engine.ts');
  const sorted = await sortRecording(recording, learned, {
    rate,
    onProgress: tellingProgress(progress),
    ...(denoised && { onDenoised: (_start: number, values: Float32Array) => denoised.write(values) }),
  });
  progress.stage('report');
  const summary = writeSortingFolder(folder, { ...job, sorted });
  progress.finish();
  return summary;
}
