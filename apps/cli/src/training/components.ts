import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';
import { simulateMixtures } from '@unrolled/data';
import type { NdArray } from '@unrolled/formats';
import { type Image, image, parsePng, type Size, toGrey } from '@unrolled/images';
import type { ComponentFolder } from '../commands/train.ts';
import { parseFile, requireFolder } from '../files/parse-file.ts';

/** Pictures of one thing alone, of which mixtures are sums. */
export interface Component {
  readonly name: string;
  readonly pictures: readonly Image[];
}

/** Enough pictures that hardly two patches are of the same stroke. */
const simulated = { pictures: 150, height: 64, width: 64 };

/** Handwriting, and textures. */
export function simulatedComponents(seed: number): Component[] {
  const { digits, textures } = simulateMixtures({ ...simulated, seed });
  return [
    { name: 'strokes', pictures: picturesOf(digits) },
    { name: 'texture', pictures: picturesOf(textures) },
  ];
}

/** `[pictures, height, width]` picture by picture. */
export function picturesOf({ data, shape }: NdArray<'float32'>): Image[] {
  const [count, height, width] = shape as readonly [number, number, number];
  const size = height * width;
  return Array.from({ length: count }, (_, index) =>
    image(data.slice(index * size, (index + 1) * size), { height, width }),
  );
}

/** The pictures in every component's folder. Two components at least, a picture in each, none smaller than a patch. */
export function componentsInFolders(folders: readonly ComponentFolder[], patch: Size): Component[] {
  if (folders.length < 2) {
    throw new UnrolledError(
      'INVALID_ARGUMENT',
      '--component: expected two or more, of what is a mixture a sum?',
    );
  }
  return folders.map(({ name, folder }) => {
    requireFolder(folder);
    const files = readdirSync(folder).filter((file) => file.toLowerCase().endsWith('.png'));
    if (files.length === 0)
      throw new UnrolledError('INVALID_FILE', `${folder}: expected pictures (.png), found none`);
    const pictures = files.sort().map((file) => {
      const path = join(folder, file);
      const picture = parseFile(path, (bytes) => toGrey(parsePng(bytes)));
      if (picture.height < patch.height || picture.width < patch.width) {
        throw new UnrolledError(
          'INVALID_SHAPE',
          `${path}: expected at least ${patch.height} × ${patch.width} pixels, a patch, found ` +
            `${picture.height} × ${picture.width}`,
        );
      }
      return picture;
    });
    return { name, pictures };
  });
}
