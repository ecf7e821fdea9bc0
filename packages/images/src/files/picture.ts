import { UnrolledError } from '@unrolled/contracts';
import type { Image } from '../image.ts';
import { parseJpeg } from './jpeg.ts';
import { parsePng } from './png.ts';

/** How files begin, and what they are. Text comes last: the others are none. */
const kinds: readonly (readonly [name: string, start: RegExp, parse?: (bytes: Uint8Array) => Image])[] = [
  ['a PNG file', /^\x89PNG/, parsePng],
  ['a JPEG file', /^\xff\xd8/, parseJpeg],
  ['a GIF file', /^GIF8/],
  ['a WebP file', /^RIFF....WEBP/s],
  ['a TIFF file', /^(II\*\0|MM\0\*)/],
  ['a BMP file', /^BM/],
  ['an AVIF or HEIC file', /^....ftyp(avif|avis|heic|heix|mif1)/s],
  ['a NumPy file', /^\x93NUMPY/],
  ['a PDF file', /^%PDF/],
  ['a ZIP archive', /^PK/],
  ['text', /^[\t\n\r\x20-\x7e]+$/],
];

/**
 * Reads a PNG or JPEG file, whichever it is: by its first bytes, not by a name.
 *
 * @throws INVALID_FILE where it is neither (saying what it seems to be), or as {@link parsePng} and {@link parseJpeg}
 * @example const picture = parsePicture(readFileSync(path));
 */
export function parsePicture(bytes: Uint8Array): Image {
  if (!(bytes instanceof Uint8Array) || bytes.length === 0) fail('an empty file');
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  const [name, , parse] = kinds.find(([, pattern]) => pattern.test(start)) ?? ['a file of another kind'];
  return parse ? parse(bytes) : fail(`${name}`);
}

function fail(found: string): never {
  throw new UnrolledError('INVALID_FILE', `picture: expected a PNG or JPEG file, found ${found}`);
}
