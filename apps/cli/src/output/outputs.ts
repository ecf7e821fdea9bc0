import type { Recording } from '@unrolled/data';
import { beginDenoised, type DenoisedFile, requireDenoisedFree } from './denoised.ts';
import { beginOutputFolder, type OutputFolder, requireReplaceable } from './folder.ts';

/** Where `learn` and `sort` write. */
export interface OutputOptions {
  readonly out: string;
  readonly denoised?: string;
  readonly force?: boolean | undefined;
}

/** The outputs of one command. They appear together, when all is done. */
export interface Outputs {
  readonly folder: OutputFolder;
  readonly denoised: DenoisedFile | undefined;
  publish(): void;
}

/** Refuses outputs that must not be written, before any work starts. The first input is the recording. */
export function requireOutputs(
  { out, denoised, force }: OutputOptions,
  inputs: readonly [string, ...string[]],
): void {
  requireReplaceable(out, { force, inputs });
  if (denoised !== undefined) requireDenoisedFree(denoised, { recording: inputs[0], folder: out, force });
}

/** Begins outputs that `requireOutputs` has let pass. What is not published is removed at exit. */
export function beginOutputs(
  { out, denoised, force }: OutputOptions,
  inputs: readonly string[],
  { samples, channels }: Recording,
): Outputs {
  const folder = beginOutputFolder(out, { force, inputs });
  const file = denoised === undefined ? undefined : beginDenoised(denoised, samples, channels);
  return Object.freeze({
    folder,
    denoised: file,
    publish: () => {
      folder.publish();
      file?.publish();
    },
  });
}
