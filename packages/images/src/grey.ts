import { requireFinite, requireKnownOptions, UnrolledError } from '@unrolled/contracts';
import { type Image, image, requireImage } from './image.ts';

/** How bright red, green and blue look, for numbers as they are stored (gamma-encoded). */
const brightness = [0.299, 0.587, 0.114] as const;

/**
 * The brightness of a picture, as a picture of one channel: 0.299 R + 0.587 G + 0.114 B. What is not opaque is laid over a
 * background.
 *
 * @param options.background what shows through where a pixel is not opaque; default 1, white
 * @throws INVALID_SHAPE for more than four channels
 * @see ITU-R recommendation BT.601, the weights of JPEG and of Pillow's `convert('L')`
 */
export function toGrey(picture: Image, options: { readonly background?: number } = {}): Image {
  requireKnownOptions('toGrey', options, ['background']);
  const background = requireFinite('background', options.background ?? 1);
  const { data, height, width, channels } = requireImage('picture', picture);
  if (channels > 4) {
    throw new UnrolledError('INVALID_SHAPE', `picture: expected 1 to 4 channels, got ${channels}`);
  }
  const coloured = channels > 2;
  const opacity = channels % 2 === 0;
  const grey = new Float32Array(height * width);
  for (let pixel = 0; pixel < grey.length; pixel++) {
    const at = pixel * channels;
    const value = coloured
      ? brightness.reduce((sum, weight, channel) => sum + weight * data[at + channel]!, 0)
      : data[at]!;
    const alpha = opacity ? data[at + channels - 1]! : 1;
    grey[pixel] = alpha === 1 ? value : alpha * value + (1 - alpha) * background;
  }
  return image(grey, { height, width });
}
