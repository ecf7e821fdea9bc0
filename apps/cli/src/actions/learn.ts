import { resolve } from 'node:path';
import type { LearnOptions } from '../commands/learn.ts';
import { beginOutputs, requireOutputs } from '../output/outputs.ts';
import { progressOn } from '../progress.ts';
import { openCheckedRecording } from '../recording.ts';
import { tellingProgress } from './engine-progress.ts';
import { tellSorting } from './tell-sorting.ts';

/** `unrolled spikes learn`: templates out of a recording, and the recording sorted with them. */
export async function learn(file: string, options: LearnOptions): Promise<void> {
  const { units, duration, layers, epochs, seed, find, threads } = options;
  const inputs = [file] as const;
  requireOutputs(options, inputs);
  const progress = progressOn(process.stderr);
  const checked = await openCheckedRecording(file, options, duration, progress);
  const { recording, rate } = checked;

  const { learnTemplates, sortInto, useBackend } = await import('./engine.ts');
  const { name: backend } = await useBackend(options.backend);
  const outputs = beginOutputs(options, inputs, recording);
  const given = { units, duration, seed, ...(layers && { layers }), ...(epochs && { epochs }) };
  const learned = await learnTemplates(recording, {
    ...given,
    rate,
    onProgress: tellingProgress(progress),
  });
  const { summary } = await sortInto(outputs.folder.path, {
    command: 'spikes learn',
    options: { ...given, find, backend },
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
