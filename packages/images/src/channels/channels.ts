import { refuse, requireShape, UnrolledError } from '@unrolled/contracts';
import { type Image, image, requireImage } from '../image.ts';
import { hasOpacity } from './opacity.ts';

/**
 * The channels of a picture, each as a picture of one.
 *
 * @example const [red, green, blue] = splitChannels(photograph);
 */
export function splitChannels(picture: Image): readonly Image[] {
  const { channels } = requireImage('picture', picture);
  return Object.freeze(Array.from({ length: channels }, (_, channel) => take(picture, channel, 1)));
}

/**
 * One picture with the channels of all these, in their order.
 *
 * @throws INVALID_SHAPE for no picture, or one of another size than the first
 * @example joinChannels(splitChannels(picture)) // the picture
 */
export function joinChannels(pictures: readonly Image[]): Image {
  if (!Array.isArray(pictures) || pictures.length === 0) {
    refuse('pictures', pictures, 'at least one picture', 'INVALID_SHAPE');
  }
  const { height, width } = requireImage('pictures[0]', pictures[0]!);
  pictures.forEach((picture: Image, index: number) => {
    const name = `pictures[${index}]`;
    requireImage(name, picture);
    requireShape(
      name,
      [picture.height, picture.width],
      [height, width],
      'a picture of the size of the first',
    );
  });
  const channels = (pictures as readonly Image[]).reduce((sum, picture) => sum + picture.channels, 0);
  const data = new Float32Array(height * width * channels);
  let first = 0;
  for (const picture of pictures as readonly Image[]) {
    picture.data.forEach((value, index) => {
      const pixel = Math.floor(index / picture.channels);
      data[pixel * channels + first + (index % picture.channels)] = value;
    });
    first += picture.channels;
  }
  return image(data, { height, width, channels });
}

/**
 * Light and opacity apart: what is worked on, and what is joined to it again as it was.
 *
 * @returns `opacity` undefined where the picture has none
 * @throws INVALID_SHAPE for more than four channels, of which nobody knows what they are
 * @example
 * const { light, opacity } = splitOpacity(picture);
 * const noisy = gaussianNoise(light, { deviation: 0.1 }, random(0));
 * const again = opacity ? joinChannels([noisy, opacity]) : noisy;
 */
export function splitOpacity(picture: Image): { readonly light: Image; readonly opacity?: Image } {
  const { channels } = requireImage('picture', picture);
  if (channels > 4) {
    throw new UnrolledError('INVALID_SHAPE', `picture: expected 1 to 4 channels, got ${channels}`);
  }
  if (!hasOpacity(picture)) return Object.freeze({ light: picture });
  return Object.freeze({
    light: take(picture, 0, channels - 1),
    opacity: take(picture, channels - 1, 1),
  });
}

function take({ data, height, width, channels }: Image, first: number, count: number): Image {
  const part = new Float32Array(height * width * count);
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let channel = 0; channel < count; channel++) {
      part[pixel * count + channel] = data[pixel * channels + first + channel]!;
    }
  }
  return image(part, { height, width, channels: count });
}
