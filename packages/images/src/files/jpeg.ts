import { refuse, requireFinite, requireKnownOptions, UnrolledError } from '@unrolled/contracts';
import { decode, encode } from 'jpeg-js';
import { type Image, image, requireImage } from '../image.ts';
import { fractionsOf, wholeNumbers } from './fractions.ts';
import { readJpegHeader } from './jpeg-header.ts';

/** Of the decoder's coefficients and pixels: enough for 50 megapixels of colour. */
const megabytes = 1024;

/**
 * Reads a JPEG file: grey or coloured, baseline or progressive, 8 bits. Its full range becomes 0 … 1.
 *
 * The numbers are those of the file: no profile and no orientation is applied. Where the file has colours in less detail than
 * brightness, they are repeated, not smoothed as libjpeg does: at edges of colour readers differ by some grey levels.
 *
 * The format has no checksum: damage among the bits of the picture is refused only where they then make no sense.
 *
 * @throws INVALID_FILE where the bytes are empty, no JPEG, truncated or damaged, say more pixels than they can hold or than fit
 *   into 1 GB, or are of a kind that cannot be read (arithmetic coding, lossless, 12 bits, CMYK)
 * @see ITU-T T.81
 * @example const picture = parseJpeg(readFileSync('photograph.jpg'));
 */
export function parseJpeg(bytes: Uint8Array): Image {
  const { height, width, channels, differences } = readJpegHeader(bytes);
  try {
    const { data } = decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      colorTransform: differences,
      maxMemoryUsageInMB: megabytes,
    });
    // Of a grey picture the decoder gives three equal channels.
    const values = channels === 1 ? data.filter((_, index) => index % 3 === 0) : data;
    return image(fractionsOf(values, 255), { height, width, channels });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnrolledError('INVALID_FILE', `jpeg: damaged or too large (${reason})`, { cause: error });
  }
}

/** Options of {@link encodeJpeg}. */
export interface JpegOptions {
  /** From 1, small and coarse, to 100. Default 90. */
  readonly quality?: number;
}

/**
 * Writes a picture of one or three channels as a JPEG file, which loses detail: measure on PNG files. 0 … 1 becomes the full
 * range, rounded; what lies outside is clipped. A grey picture is written in colours that are equal, and is read as such
 * (`toGrey` makes it grey again). The bytes are made by Node's `Buffer`, which browsers need a stand-in for.
 *
 * @throws INVALID_SHAPE for other channels or a side above 65 535 pixels, NOT_FINITE for a NaN or infinity
 * @example writeFileSync('small.jpg', encodeJpeg(picture, { quality: 80 }));
 */
export function encodeJpeg(picture: Image, options: JpegOptions = {}): Uint8Array {
  requireKnownOptions('encodeJpeg', options, ['quality']);
  const quality = requireFinite('quality', options.quality ?? 90);
  if (quality < 1 || quality > 100) refuse('quality', quality, 'a number of 1 … 100');
  const { data, height, width, channels } = requireImage('picture', picture);
  if (channels !== 1 && channels !== 3) {
    throw new UnrolledError('INVALID_SHAPE', `picture: expected 1 or 3 channels, got ${channels}`);
  }
  if (Math.max(height, width) > 65_535) {
    throw new UnrolledError('INVALID_SHAPE', `picture: expected sides up to 65535, got ${height} × ${width}`);
  }
  const numbers = new Uint8Array(data.length);
  wholeNumbers(numbers, data, 255);
  // Red, green, blue and a byte that is not looked at.
  const pixels = new Uint8Array(4 * height * width);
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      pixels[4 * pixel + channel] = numbers[channels * pixel + (channels === 3 ? channel : 0)]!;
    }
  }
  return Uint8Array.from(encode({ data: pixels, height, width }, quality).data);
}
