import { requireInteger, requireKnownOptions, UnrolledError } from '@unrolled/contracts';
import { convertIndexedToRgb, type DecodedPng, decode, encode } from 'fast-png';
import { type Image, image, requireImage } from '../image.ts';
import { fractionsOf, wholeNumbers } from './fractions.ts';
import { requirePngHeader } from './png-header.ts';

/**
 * Reads a PNG file: grey or coloured, with opacity or without, with a palette, 1 to 16 bits. Its full range becomes 0 … 1.
 *
 * The numbers are those of the file: no profile and no gamma is applied. Of an animated file it is the still picture.
 *
 * @throws INVALID_FILE where the bytes are empty, no PNG, truncated or damaged, or say more pixels than they can hold
 * @see https://www.w3.org/TR/png-3
 * @example const picture = parsePng(readFileSync('kodim01.png'));
 */
export function parsePng(bytes: Uint8Array): Image {
  requirePngHeader(bytes);
  try {
    const png = decode(bytes, { checkCrc: true });
    const { height, width } = png;
    const { values, channels, full } = samplesOf(png);
    return image(fractionsOf(values, full), { height, width, channels });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnrolledError('INVALID_FILE', `png: truncated or damaged (${reason})`, { cause: error });
  }
}

/** Numbers `[height, width, channels]` of 0 … full. */
interface Samples {
  readonly values: ArrayLike<number>;
  readonly channels: number;
  readonly full: number;
}

function samplesOf(png: DecodedPng): Samples {
  const { palette, channels, depth, transparency } = png;
  if (palette && channels === 1) {
    return { values: convertIndexedToRgb(png), channels: palette[0]?.length ?? 3, full: 255 };
  }
  const samples = { values: depth < 8 ? unpack(png) : png.data, channels, full: 2 ** depth - 1 };
  return transparency ? withOpacity(samples, transparency) : samples;
}

/** Grey of 1, 2 or 4 bits: several pixels a byte, every row beginning with a byte of its own. */
function unpack({ data, height, width, depth }: DecodedPng): Uint8Array {
  const line = Math.ceil((width * depth) / 8);
  return Uint8Array.from({ length: height * width }, (_, pixel) => {
    const bit = (pixel % width) * depth;
    const byte = data[Math.floor(pixel / width) * line + (bit >> 3)]!;
    return (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  });
}

/** A file without opacity may name one colour that is transparent. */
function withOpacity({ values, channels, full }: Samples, transparent: Uint16Array): Samples {
  const pixels = values.length / channels;
  const result = new Float32Array(pixels * (channels + 1));
  for (let pixel = 0; pixel < pixels; pixel++) {
    let opacity = 0;
    for (let channel = 0; channel < channels; channel++) {
      const value = values[pixel * channels + channel]!;
      if (value !== transparent[channel]) opacity = full;
      result[pixel * (channels + 1) + channel] = value;
    }
    result[pixel * (channels + 1) + channels] = opacity;
  }
  return { values: result, channels: channels + 1, full };
}

/** Options of {@link encodePng}. */
export interface PngOptions {
  /** Bits of a number, 8 or 16. Default 8. */
  readonly depth?: 8 | 16;
}

/**
 * Writes a picture of one to four channels as a PNG file. 0 … 1 becomes the full range, rounded; what lies outside is clipped.
 *
 * @throws INVALID_SHAPE for more than four channels, NOT_FINITE for a NaN or infinity
 * @example writeFileSync('component-1.png', encodePng(component));
 */
export function encodePng(picture: Image, options: PngOptions = {}): Uint8Array {
  requireKnownOptions('encodePng', options, ['depth']);
  const { data, height, width, channels } = requireImage('picture', picture);
  const depth = requireInteger('depth', options.depth ?? 8);
  if (depth !== 8 && depth !== 16) {
    throw new UnrolledError('INVALID_ARGUMENT', `depth: expected 8 or 16 bits, got ${depth}`);
  }
  if (channels > 4) {
    throw new UnrolledError('INVALID_SHAPE', `picture: expected 1 to 4 channels, got ${channels}`);
  }
  const numbers = depth === 8 ? new Uint8Array(data.length) : new Uint16Array(data.length);
  wholeNumbers(numbers, data, 2 ** depth - 1);
  return encode({ data: numbers, height, width, channels, depth }, { zlib: { level: 6 } });
}
