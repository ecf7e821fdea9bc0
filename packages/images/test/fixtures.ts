import { deflateSync } from 'node:zlib';
import { random } from '@unrolled/contracts';
import { type Image, image } from '../src/index.ts';
import { crc32Of } from './reference/crc32.ts';

/** A picture of noise in 0 … 1. */
export function noisePicture(height: number, width: number, channels = 1, seed = 0): Image {
  const generator = random(seed);
  const data = Float32Array.from({ length: height * width * channels }, () => generator.uniform());
  return image(data, { height, width, channels });
}

/** A picture of the numbers of these rows, one channel. */
export function greyRows(...rows: readonly (readonly number[])[]): Image {
  return image(Float32Array.from(rows.flat()), { height: rows.length, width: rows[0]!.length });
}

function chunk(name: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, crc32Of(bytes.subarray(4, 8 + body.length)));
  return bytes;
}

/** A PNG file as the specification has it, unfiltered. */
export function pngFile(options: {
  readonly height: number;
  readonly width: number;
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and opacity, 6 RGB and opacity. */
  readonly type: number;
  /** The bytes of each row. */
  readonly rows: readonly (readonly number[])[];
  readonly interlace?: number;
  readonly palette?: readonly number[];
  readonly transparency?: readonly number[];
}): Uint8Array {
  const { height, width, depth, type, rows, interlace = 0, palette, transparency } = options;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([depth, type, 0, 0, interlace], 8);
  const raw = Uint8Array.from(rows.flatMap((row) => [0, ...row]));
  return Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', Uint8Array.from(palette))] : []),
    ...(transparency ? [chunk('tRNS', Uint8Array.from(transparency))] : []),
    chunk('IDAT', deflateSync(raw)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}
