import { UnrolledError } from '@unrolled/contracts';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Deflate cannot pack more bytes into one. */
const largestRatio = 1032;
/** Channels by the header's type of colour. */
const channelsOf: { readonly [type: number]: number } = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Refuses bytes that start no PNG file, and headers that decoding would stumble on: without pixels, with more of them than the
 * file can hold (memory would be taken for all), or interlaced with several pixels a byte (which `fast-png` reads wrongly).
 *
 * @throws INVALID_FILE
 */
export function requirePngHeader(bytes: Uint8Array): void {
  if (bytes.length === 0) fail('the file is empty');
  if (signature.some((byte, index) => bytes[index] !== byte)) fail('not a PNG file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || view.getUint32(12) !== 0x49484452) fail('truncated in the header');
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, type, interlace] = [bytes[24]!, bytes[25]!, bytes[28]!];
  const channels = channelsOf[type];
  if (channels === undefined) fail(`expected a type of colour among 0, 2, 3, 4, 6, found ${type}`);
  if (width === 0 || height === 0) fail(`expected pixels, found ${height} × ${width}`);
  const size = (height * width * channels * depth) / 8;
  if (size > largestRatio * bytes.length) {
    fail(`truncated, its ${bytes.length} bytes cannot hold ${height} × ${width} pixels`);
  }
  if (interlace === 1 && depth < 8) fail(`interlaced pictures of ${depth} bits cannot be read`);
}

function fail(message: string): never {
  throw new UnrolledError('INVALID_FILE', `png: ${message}`);
}
