import { type Random, requireKnownOptions } from '@unrolled/contracts';
import { type Image, image, requireImage } from '../image.ts';
import { requireRandom } from '../require-random.ts';

/** Which way a picture is flipped. */
export interface FlipOptions {
  /** Left becomes right. Default false. */
  readonly horizontal?: boolean;
  /** Top becomes bottom. Default false. */
  readonly vertical?: boolean;
}

/**
 * The picture as in a mirror.
 *
 * @example flip(picture, { horizontal: true })
 */
export function flip(picture: Image, options: FlipOptions): Image {
  requireKnownOptions('flip', options, ['horizontal', 'vertical']);
  const { horizontal = false, vertical = false } = options;
  const { data, height, width, channels } = requireImage('picture', picture);
  const flipped = new Float32Array(data.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const fromRow = vertical ? height - 1 - row : row;
      const from = (fromRow * width + (horizontal ? width - 1 - column : column)) * channels;
      flipped.set(data.subarray(from, from + channels), (row * width + column) * channels);
    }
  }
  return image(flipped, { height, width, channels });
}

/**
 * The picture flipped horizontally with probability ½, and vertically with probability ½: four pictures to train on for one.
 *
 * @example randomFlip(randomCrop(picture, { height: 128, width: 128 }, generator), generator)
 */
export function randomFlip(picture: Image, random: Random): Image {
  requireRandom(random);
  return flip(picture, { horizontal: random.uniform() < 0.5, vertical: random.uniform() < 0.5 });
}
