import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simulateMixtures } from '@unrolled/data';
import { type Image, image, parsePng, resize } from '@unrolled/images';
import { type Pictures, readIdxPictures } from '../pictures/idx-pictures.ts';

/** Where pictures of every kind come from. */
export interface Album {
  /** What the page says of it. */
  readonly origin: string;
  fashion(half: 'train' | 'test'): Promise<Pictures>;
  digits(half: 'train' | 'test'): Promise<Pictures>;
  photographs(half: 'train' | 'test'): Promise<readonly Image[]>;
}

/** Of the Kodak pictures in the order of their names, the last ones are tested on. */
const testPhotographs = 4;

/** Fashion-MNIST, MNIST and the Kodak pictures in a folder; undefined where any of them is missing. */
export async function albumOf(folder: string | undefined): Promise<Album | undefined> {
  if (folder === undefined) return undefined;
  const kodak = join(folder, 'images/kodak_gray');
  try {
    const files = (await readdir(kodak)).filter((name) => name.endsWith('.png')).sort();
    await Promise.all(['mnist', 'fashion-mnist'].map((name) => readdir(join(folder, name))));
    const parts = { train: files.slice(0, -testPhotographs), test: files.slice(-testPhotographs) };
    return {
      origin: `Fashion-MNIST, MNIST, ${files.length} Kodak pictures`,
      fashion: (half) => readIdxPictures(join(folder, 'fashion-mnist'), half),
      digits: (half) => readIdxPictures(join(folder, 'mnist'), half),
      photographs: (half) =>
        Promise.all(parts[half].map(async (name) => parsePng(await readFile(join(kodak, name))))),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Handwriting and textures that are drawn here, in place of all three: nothing has to be downloaded. */
export function drawnAlbum(): Album {
  const size = 32;
  const draw = (pictures: number, seed: number, brightness: number) =>
    simulateMixtures({ pictures, height: size, width: size, level: 0, brightness, seed });
  const imagesOf = (stack: { readonly data: Float32Array }): Image[] =>
    Array.from({ length: stack.data.length / size ** 2 }, (_, index) =>
      image(stack.data.slice(index * size ** 2, (index + 1) * size ** 2), { height: size, width: size }),
    );
  const seeds = { train: 1, test: 2 } as const;
  // The label is how bright the pen is: what a code of strokes tells at once.
  const twoPens = (half: 'train' | 'test'): Pictures => {
    const [dark, bright] = [0.4, 0.9].map((brightness, index) =>
      imagesOf(draw(100, 2 * seeds[half] + index, brightness).digits as { data: Float32Array }),
    );
    return {
      images: dark!.flatMap((picture, index) => [picture, bright![index]!]),
      labels: dark!.flatMap(() => [0, 1]),
    };
  };
  return {
    origin: 'handwriting and textures drawn for the purpose',
    fashion: async (half) => twoPens(half),
    digits: async (half) => twoPens(half),
    photographs: async (half) => imagesOf(draw(20, 10 + seeds[half], 0.5).textures as { data: Float32Array }),
  };
}

/** All pictures at this size. */
export const resizeAll = (images: readonly Image[], size: number): Image[] =>
  images.map((picture) => resize(picture, { height: size, width: size }));
