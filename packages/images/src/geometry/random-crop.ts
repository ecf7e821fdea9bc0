import { type Random, requireKnownOptions } from '@unrolled/contracts';
import { type Image, requireFitting, requireImage, requireSize, type Size } from '../image.ts';
import { requireRandom } from '../require-random.ts';
import { crop } from './crop.ts';

/**
 * A part of a picture from a random place, every place as likely as any other.
 *
 * @throws INVALID_SHAPE where the picture is smaller
 * @example randomCrop(picture, { height: 128, width: 128 }, random(0))
 */
export function randomCrop(picture: Image, size: Size, random: Random): Image {
  requireKnownOptions('size', size, ['height', 'width']);
  const { height, width } = requireSize('size', size);
  requireFitting('picture', size, requireImage('picture', picture));
  requireRandom(random);
  const top = random.integer(picture.height - height + 1);
  return crop(picture, { top, left: random.integer(picture.width - width + 1), height, width });
}
