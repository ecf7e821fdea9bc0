import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { random } from '@unrolled/contracts';
import { type Image, parsePng } from '@unrolled/images';
import { deadLeaves } from './dead-leaves.ts';

/** A picture, grey, 0 … 1, and what it is called. */
export interface NamedPicture {
  readonly name: string;
  readonly picture: Image;
}

/** Pictures to train on, and others to test on. */
export interface PictureAlbum {
  /** What the page says of it. */
  readonly origin: string;
  readonly train: readonly NamedPicture[];
  readonly test: readonly NamedPicture[];
}

const folders = { train: 'images/kodak_gray', test: 'images/skimage_gray' } as const;

/** The sixteen Kodak pictures and the eight of scikit-image in a data folder; where there are none, pictures that are drawn here. */
export async function loadPictures(dataFolder: string | undefined): Promise<PictureAlbum> {
  if (dataFolder === undefined) return drawnPictures({ train: 8, test: 4, side: 256 });
  try {
    const [train, test] = await Promise.all(
      [folders.train, folders.test].map((folder) => readAll(join(dataFolder, folder))),
    );
    return {
      origin: `trained on ${train!.length} Kodak pictures, tested on ${test!.length} of scikit-image, all grey`,
      train: train!,
      test: test!,
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return loadPictures(undefined);
  }
}

async function readAll(folder: string): Promise<NamedPicture[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.png')).sort();
  return Promise.all(
    files.map(async (file) => ({
      name: basename(file, '.png'),
      picture: parsePng(await readFile(join(folder, file))),
    })),
  );
}

/** Dead leaves in place of photographs: nothing has to be downloaded, and every run has the same. */
export function drawnPictures(count: {
  readonly train: number;
  readonly test: number;
  readonly side: number;
}): PictureAlbum {
  const draw = (half: 'train' | 'test'): NamedPicture[] =>
    Array.from({ length: count[half] }, (_, index) => ({
      name: `leaves-${half}-${index + 1}`,
      picture: deadLeaves(
        { height: count.side, width: count.side },
        random(1).split(`${half} leaves`).split(index),
      ),
    }));
  return {
    origin: `no photographs: ${count.train} + ${count.test} pictures of dead leaves drawn for the purpose`,
    train: draw('train'),
    test: draw('test'),
  };
}
