import { basename } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';
import type { NoiseArgument } from '../arguments.ts';
import type { TrainDenoiseOptions } from '../commands/train-denoise.ts';
import { requireModelFree } from '../output/model-file.ts';
import { writeWholeFile } from '../output/temporaries.ts';
import { progressOn, tellingStages } from '../progress.ts';
import { requireCheckpointFolder } from '../training/checkpoint-folder.ts';
import { cleanPictures } from '../training/clean-pictures.ts';
import type { DenoiserRecipe } from '../training/train-denoiser.ts';
import { version } from '../version.ts';

/** Where little light is, more of the picture must be looked at. */
const defaults: {
  readonly [F in NoiseArgument['family']]: { readonly atoms: number; readonly size: number };
} = {
  gaussian: { atoms: 64, size: 8 },
  poisson: { atoms: 96, size: 12 },
};

/** `unrolled train denoise`: a network that takes noise off pictures, as one file. */
export async function trainDenoise(folders: readonly string[], options: TrainDenoiseOptions): Promise<void> {
  const { out, checkpoint } = options;
  const recipe = requireRecipe(options);
  requireModelFree(out, options.force);
  if (checkpoint !== undefined) requireCheckpointFolder(checkpoint);
  const pictures = cleanPictures(folders, recipe.crop);

  const { checkpointStores, saveDenoiser, trainDenoiser, useBackend } = await import('../training/index.ts');
  await useBackend(options.backend);
  const store =
    checkpoint === undefined ? undefined : checkpointStores(checkpoint, recipe, pictures.learned)('network');
  const progress = progressOn(process.stderr);
  const { denoiser, gain } = await trainDenoiser(pictures, recipe, {
    tell: tellingStages(progress),
    ...(store && { checkpoint: store }),
  });
  progress.finish();
  const notes = { software: `unrolled ${version}`, command: commandOf(folders, recipe) };
  writeWholeFile(out, await saveDenoiser(denoiser, notes));
  denoiser.network.dispose();
  const seen = pictures.learned === pictures.keptOut ? 'the one picture' : 'pictures that it has not seen';
  process.stdout.write(
    `Of ${seen} it takes ${gain.trained.toFixed(2)} dB of noise off, ` +
      `${(gain.trained - gain.untrained).toFixed(2)} dB more than before training.\n${out}\n`,
  );
}

function requireRecipe(options: TrainDenoiseOptions): DenoiserRecipe {
  const { noise, layers, crop, batch, steps, epochs, rate, seed } = options;
  const { atoms = defaults[noise.family].atoms, size = defaults[noise.family].size } = options;
  const { stride = Math.ceil(size / 2) } = options;
  const refuseOption = (name: string, expected: string): never => {
    throw new UnrolledError('INVALID_ARGUMENT', `--${name}: expected ${expected}`);
  };
  const signs = noise.family === 'poisson' ? 2 : 1;
  if (stride > size) refuseOption('stride', `at most ${size}, the size of a filter, got ${stride}`);
  if (crop < size) refuseOption('crop', `at least ${size}, the size of a filter, got ${crop}`);
  if (atoms > signs * size ** 2)
    refuseOption('atoms', `at most ${signs * size ** 2} filters of ${size} × ${size}, got ${atoms}`);
  if (atoms % signs !== 0) refuseOption('atoms', `an even number of counts, got ${atoms}`);
  return { noise, atoms, size, stride, layers, crop, batch, steps, epochs, rate, seed };
}

/** The line that makes the same model of the same pictures. */
function commandOf(folders: readonly string[], { noise, ...numbers }: DenoiserRecipe): string {
  const options = Object.entries(numbers).map(([name, value]) => `--${name} ${value}`);
  const names = folders.map((folder) => basename(folder));
  return ['unrolled train denoise', ...names, `--noise ${noise.family}:${noise.level}`, ...options].join(' ');
}
