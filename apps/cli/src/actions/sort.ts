import { resolve } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';
import type { SortOptions } from '../commands/sort.ts';
import { beginOutputs, requireOutputs } from '../output/outputs.ts';
import { progressOn } from '../progress.ts';
import { openCheckedRecording } from '../recording.ts';
import { tellSorting } from './tell-sorting.ts';

/** `unrolled spikes sort`: a recording sorted with templates that were learned from another one. */
export async function sort(file: string, options: SortOptions): Promise<void> {
  const { templates, find, threads } = options;
  const inputs = [file, templates] as const;
  requireOutputs(options, inputs);
  const { readLearned, sortInto, useBackend } = await import('./engine.ts');
  const learned = readLearned(templates);
  const progress = progressOn(process.stderr);
  const checked = await openCheckedRecording(file, options, learned.duration, progress, (recording, rate) => {
    requireSame('Hz', templates, learned.frontEnd.rate, file, rate);
    requireSame('channels', templates, learned.frontEnd.channels, file, recording.channels);
  });
  const { recording } = checked;

  const { name: backend } = await useBackend(options.backend);
  const outputs = beginOutputs(options, inputs, recording);
  const { summary } = await sortInto(outputs.folder.path, {
    command: 'spikes sort',
    options: { templates: resolve(templates), find, backend },
    threads,
    recordingPath: resolve(file),
    checked,
    learned,
    denoised: outputs.denoised,
    progress,
  });
  outputs.publish();
  await recording.close();
  tellSorting(summary, options.out);
}

/** Templates mean nothing in a recording of another rate or of other electrodes. */
function requireSame(unit: string, templates: string, learned: number, file: string, found: number): void {
  if (learned === found) return;
  throw new UnrolledError(
    'INVALID_ARGUMENT',
    `--templates: ${templates} was learned from ${learned} ${unit}, ${file} has ${found} ${unit}`,
  );
}
