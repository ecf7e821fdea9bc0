import { UnrolledError } from '@unrolled/contracts';
import { gunzipSync } from 'fflate';

/** Deflate cannot pack more bytes into one. */
const largestRatio = 1032;

/** Do these bytes start like a gzip file? */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks a gzip file of one member. `fflate` unpacks but checks nothing: the length and the checksum that the file ends with
 * are checked here, so that a file that was cut short or damaged on its way is not taken for pictures.
 *
 * @param what names the format in errors
 * @throws INVALID_FILE where the file is truncated, damaged, or has bytes behind its end
 * @see RFC 1952
 */
export function gunzip(what: string, bytes: Uint8Array): Uint8Array {
  const fail = (reason: string, cause?: unknown): never => {
    throw new UnrolledError('INVALID_FILE', `${what}: not a whole gzip file (${reason})`, { cause });
  };
  if (bytes.length < 18) fail(`truncated, ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const checksum = view.getUint32(bytes.length - 8, true);
  const length = view.getUint32(bytes.length - 4, true);
  // As the file ends so, that much memory would be taken: of a truncated one, up to 4 GB.
  if (length > largestRatio * bytes.length) fail('truncated, or bytes behind its end');
  let unpacked: Uint8Array;
  try {
    unpacked = gunzipSync(bytes);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error), error);
  }
  if (crc32(unpacked) !== checksum)
    fail('its length or checksum is wrong: damaged, truncated, or bytes behind its end');
  return unpacked;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** The checksum of gzip, zip and PNG. */
function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (let index = 0; index < bytes.length; index++) {
    value = (value >>> 8) ^ table[(value ^ bytes[index]!) & 0xff]!;
  }
  return (value ^ 0xffffffff) >>> 0;
}
