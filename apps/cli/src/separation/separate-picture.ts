import * as tf from '@tensorflow/tfjs-core';
import { type Image, image, mapTiles, withValues } from '@unrolled/images';
import { separate } from '@unrolled/lsalsa';
import { levelBehind, medianOf } from './level.ts';
import type { SeparationModel } from './model.ts';

/** Options of {@link separatePicture}. */
export interface SeparatePictureOptions {
  /** Pixels from one tile to the next. */
  readonly stride: number;
  /** How much is done, 0 … 1. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * The components of a grey picture of any size that a tile fits into, each of the size of the picture.
 *
 * Tile by tile, where tiles overlap their mean: a line that ends in one tile goes on in the next. A model whose last component has a level
 * works twice: the median of the picture is near enough to see where the other components are, and where they are not is the level.
 */
export async function separatePicture(
  picture: Image,
  model: SeparationModel,
  options: SeparatePictureOptions,
): Promise<readonly Image[]> {
  if (model.level === 'none') return componentsAbove(0, picture, model, options);
  const { onProgress, ...others } = options;
  const half = (from: number) => ({
    ...others,
    onProgress: (fraction: number) => onProgress?.((from + fraction) / 2),
  });
  const median = medianOf(picture.data);
  const rough = await componentsAbove(median, picture, model, half(0));
  const level = levelBehind(picture, rough.slice(0, -1), median);
  return componentsAbove(level, picture, model, half(1));
}

/** The components of a picture of this level, which goes to the last one. */
async function componentsAbove(
  level: number,
  picture: Image,
  { network, patch }: SeparationModel,
  { stride, onProgress }: SeparatePictureOptions,
): Promise<readonly Image[]> {
  const tiling = {
    ...patch,
    stride,
    ...(onProgress && { onProgress: (done: number, total: number) => onProgress(done / total) }),
  };
  const components = await mapTiles(raised(picture, -level), tiling, async (tiles) => {
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
    index < components.length - 1 ? component : raised(component, level),
  );
}

const raised = ({ data, height, width }: Image, by: number): Image =>
  image(
    data.map((value) => value + by),
    { height, width },
  );
