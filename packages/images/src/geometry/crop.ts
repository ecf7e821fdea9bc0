import { refuse, requireInteger, requireKnownOptions } from '@unrolled/contracts';
import { type Image, image, requireImage, requireSize, type Size } from '../image.ts';

/** A part of a picture: its size, and where it starts. */
export interface Box extends Size {
  /** The first row; default 0. */
  readonly top?: number;
  /** The first column; default 0. */
  readonly left?: number;
}

/**
 * A part of a picture, as a picture of its own.
 *
 * @throws INVALID_ARGUMENT where the box is not within the picture
 * @example crop(picture, { top: 16, left: 32, height: 64, width: 64 })
 */
export function crop(picture: Image, box: Box): Image {
  requireKnownOptions('box', box, ['top', 'left', 'height', 'width']);
  const { data, height: rows, width: columns, channels } = requireImage('picture', picture);
  const { height, width } = requireSize('box', box);
  const top = requireInteger('box.top', box.top ?? 0, 0);
  const left = requireInteger('box.left', box.left ?? 0, 0);
  if (top + height > rows || left + width > columns) {
    const end = `to row ${top + height}, column ${left + width}`;
    refuse('box', end, `one within the ${rows} × ${columns} pixels of the picture`);
  }
  const part = new Float32Array(height * width * channels);
  for (let row = 0; row < height; row++) {
    const start = ((top + row) * columns + left) * channels;
    part.set(data.subarray(start, start + width * channels), row * width * channels);
  }
  return image(part, { height, width, channels });
}
