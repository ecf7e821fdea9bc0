import { join } from 'node:path';
import { readIdxPictures } from '../pictures/idx-pictures.ts';
import type { Labelled } from './trial.ts';

/** The digits that are told apart, as in the first version of the paper. */
export const classes: readonly number[] = [0, 1, 3, 6, 7];

/** Pixels on a side. */
export const side = 28;

/** These digits of MNIST, pixels 0 … 1; undefined where there is no such folder. */
export async function loadDigits(
  dataFolder: string,
): Promise<{ readonly train: Labelled; readonly test: Labelled } | undefined> {
  try {
    const [train, test] = await Promise.all([half(dataFolder, 'train'), half(dataFolder, 'test')]);
    return { train, test };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function half(dataFolder: string, name: 'train' | 'test'): Promise<Labelled> {
  const { images, labels } = await readIdxPictures(join(dataFolder, 'mnist'), name);
  const kept = images.flatMap((picture, index) => {
    const label = classes.indexOf(labels[index]!);
    return label < 0 ? [] : [{ picture, label }];
  });
  const data = new Float32Array(kept.length * side * side);
  kept.forEach(({ picture }, row) => {
    data.set(picture.data, row * side * side);
  });
  return {
    examples: { data, shape: [kept.length, side * side] },
    labels: Int32Array.from(kept, ({ label }) => label),
  };
}
