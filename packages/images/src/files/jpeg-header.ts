import { UnrolledError } from '@unrolled/contracts';

/** What a JPEG file says of its picture. */
export interface JpegHeader {
  readonly height: number;
  readonly width: number;
  /** 1 grey, 3 colours. */
  readonly channels: number;
  /** Are the colours brightness and two differences (nearly always), or red, green and blue? */
  readonly differences: boolean;
}

/** Markers of frames that can be read: baseline, extended and progressive, coded after Huffman. */
const frames = [0xc0, 0xc1, 0xc2];
/** Markers in the range of frames that are none: tables. */
const tables = [0xc4, 0xc8, 0xcc];
/** At least one bit for 64 pixels: no byte holds more of them. */
const pixelsPerByte = 8 * 64;

/**
 * Walks through the segments of a JPEG file, from its first byte to the marker of its end.
 *
 * The format has no checksum, and the decoder reads zeros behind the end: so what has been cut short must be seen here. So must
 * a frame that promises more pixels than the file can hold, before memory is taken for them.
 *
 * @throws INVALID_FILE
 * @see ITU-T T.81, annex B
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  if (bytes.length === 0) fail('the file is empty');
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) fail('not a JPEG file');
  let header: JpegHeader | undefined;
  let adobe: number | undefined;
  let at = 2;
  for (;;) {
    at = nextMarker(bytes, at);
    const marker = bytes[at - 1]!;
    if (marker === 0xd9) break;
    const end = at + (at + 2 <= bytes.length ? 256 * bytes[at]! + bytes[at + 1]! : Number.POSITIVE_INFINITY);
    if (end > bytes.length) fail(`truncated in segment ${hex(marker)}`);
    const body = bytes.subarray(at + 2, end);
    if (marker === 0xee && isAdobe(body)) adobe = body[11];
    if (marker >= 0xc0 && marker <= 0xcf && !tables.includes(marker)) {
      if (header) fail('more than one picture in layers');
      header = readFrame(marker, body);
    }
    // Behind the header of a scan come its bits, to the next marker that is not one of theirs.
    at = end;
  }
  if (!header) fail('no frame in it');
  const { height, width, channels } = header;
  if (height * width > pixelsPerByte * bytes.length) {
    fail(`truncated, its ${bytes.length} bytes cannot hold ${height} × ${width} pixels`);
  }
  return { ...header, differences: channels === 3 && header.differences && adobe !== 0 };
}

/** Behind the next marker that is no byte of a scan: neither 0xff00, a plain 0xff, nor a restart. */
function nextMarker(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at++) {
    const next = bytes[at + 1]!;
    const isData = next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7);
    if (bytes[at] === 0xff && !isData) return at + 2;
  }
  return fail('truncated, without the marker of its end');
}

function readFrame(marker: number, body: Uint8Array): JpegHeader {
  if (!frames.includes(marker)) fail(`pictures of the kind ${hex(marker)} cannot be read`);
  if (body.length < 6) fail('truncated in the frame');
  const [precision, channels] = [body[0]!, body[5]!];
  const [height, width] = [256 * body[1]! + body[2]!, 256 * body[3]! + body[4]!];
  if (precision !== 8) fail(`pictures of ${precision} bits cannot be read`);
  if (height === 0 || width === 0) fail(`expected pixels, found ${height} × ${width}`);
  if (channels !== 1 && channels !== 3) fail(`expected 1 or 3 channels, found ${channels}`);
  if (body.length < 6 + 3 * channels) fail('truncated in the frame');
  const names = String.fromCharCode(...[0, 1, 2].map((channel) => body[6 + 3 * channel] ?? 0));
  return { height, width, channels, differences: names !== 'RGB' };
}

function isAdobe(body: Uint8Array): boolean {
  return body.length >= 12 && String.fromCharCode(...body.subarray(0, 5)) === 'Adobe';
}

const hex = (marker: number): string => `0xff${marker.toString(16).padStart(2, '0')}`;

function fail(message: string): never {
  throw new UnrolledError('INVALID_FILE', `jpeg: ${message}`);
}
