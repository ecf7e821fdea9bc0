import type { TrainLsalsaOptions } from '../commands/train.ts';
import { requireModelFree } from '../output/model-file.ts';
import { writeWholeFile } from '../output/temporaries.ts';
import { progressOn, tellingStages } from '../progress.ts';
import { requireCheckpointFolder } from '../training/checkpoint-folder.ts';
import { componentsInFolders, simulatedComponents } from '../training/components.ts';
import type { Recipe } from '../training/train-model.ts';
import { version } from '../version.ts';

/** `unrolled train lsalsa`: a network that takes pictures apart, as one file. */
export async function trainLsalsa(options: TrainLsalsaOptions): Promise<void> {
  const { out, checkpoint, patch, atoms, weight, penalty, layers, examples, epochs, rate, seed } = options;
  const recipe: Recipe = { patch, atoms, weight, penalty, layers, examples, epochs, rate, seed };
  requireModelFree(out, options.force);
  if (checkpoint !== undefined) requireCheckpointFolder(checkpoint);
  const size = { height: patch, width: patch };
  const components = options.component
    ? componentsInFolders(options.component, size)
    : simulatedComponents(seed);

  const { checkpointStores, examplesOf, notesOf, saveLsalsa, trainModel, useBackend } = await import(
    '../training/index.ts'
  );
  await useBackend(options.backend);
  const patches = examplesOf(components, recipe);
  const checkpoints = checkpoint === undefined ? undefined : checkpointStores(checkpoint, recipe, patches);
  const progress = progressOn(process.stderr);
  const { network, error } = await trainModel(components, patches, recipe, {
    tell: tellingStages(progress),
    ...(checkpoints && { checkpoints }),
  });
  progress.finish();
  const names = components.map(({ name }) => name);
  const notes = notesOf({ patch: size, level: 'background', names });
  writeWholeFile(out, await saveLsalsa(network, { ...notes, software: `unrolled ${version}` }));
  network.dispose();
  const decibels = 10 * Math.log10(error.untrained / error.trained);
  process.stdout.write(
    `Components of mixtures that it has not seen are ${decibels.toFixed(2)} dB nearer than those of SALSA in ${layers} steps.\n${out}\n`,
  );
}
