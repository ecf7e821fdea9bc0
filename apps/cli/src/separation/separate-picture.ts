import * as tf from '@tensorflow/tfjs-core';
import { type Image, image, mapTiles, withValues } from '@unrolled/images';
import { separate } from '@unrolled/lsalsa';
import { medianOf } from './level.ts';
import type { SeparationModel } from './model.ts';

/** Options of {@link separatePicture}. */
export interface SeparatePictureOptions {
  /** Pixels from one tile to the next. */
  readonly stride: number;
  /** Tiles that are done, and tiles in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * The components of a grey picture of any size that a tile fits into, each of the size of the picture.
 *
 * Tile by tile, where tiles overlap their mean: a line that ends in one tile goes on in the next.
 */
export async function separatePicture(
  picture: Image,
  { network, patch, level }: SeparationModel,
  { stride, onProgress }: SeparatePictureOptions,
): Promise<readonly Image[]> {
  const { height, width } = picture;
  const offset = level === 'median' ? medianOf(picture.data) : 0;
  const shifted = image(
    picture.data.map((value) => value - offset),
    { height, width },
  );
  const options = { ...patch, stride, ...(onProgress && { onProgress }) };
  const components = await mapTiles(shifted, options, async (tiles) => {
    const y = tf.tensor2d(tiles.data, [...tiles.shape]);
    const separation = separate(network, y);
    try {
      const values = await Promise.all(separation.components.map((component) => component.data()));
      return values.map((data) => withValues(tiles, Float32Array.from(data)));
    } finally {
      tf.dispose([y, ...separation.codes, ...separation.components]);
    }
  });
  return components.map((component, index) =>
    index < components.length - 1
      ? component
      : image(
          component.data.map((value) => value + offset),
          { height, width },
        ),
  );
}
