import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseIdx } from '@unrolled/formats';
import { type Image, image } from '@unrolled/images';

/** Pictures, and what is on them where that is known. */
export interface Pictures {
  readonly images: readonly Image[];
  readonly labels: readonly number[];
}

const namesOf = { train: 'train-10000', test: 'test-2000' } as const;

/** The pictures and labels of a folder of MNIST's format (`mnist`, `fashion-mnist`), 0 … 1. */
export async function readIdxPictures(folder: string, half: 'train' | 'test'): Promise<Pictures> {
  const [pixels, labels] = await Promise.all(
    ['images-idx3', 'labels-idx1'].map(async (kind) =>
      parseIdx(await readFile(join(folder, `${namesOf[half]}-${kind}-ubyte.gz`))),
    ),
  );
  const [count, height, width] = pixels!.shape as [number, number, number];
  const size = height * width;
  const images = Array.from({ length: count }, (_, index) => {
    const own = (pixels!.data as Uint8Array).subarray(index * size, (index + 1) * size);
    return image(
      Float32Array.from(own, (value) => value / 255),
      { height, width },
    );
  });
  return { images, labels: Array.from(labels!.data as Uint8Array) };
}
