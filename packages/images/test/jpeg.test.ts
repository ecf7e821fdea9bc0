import { describe, expect, it } from 'vitest';
import { encodeJpeg, encodePng, type Image, image, parseJpeg, parsePicture, toGrey } from '../src/index.ts';
import { noisePicture } from './fixtures.ts';
import { jpegFiles } from './reference/jpeg-files.ts';

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));

/** What the files of the reference hold, in grey levels. */
const grey = (y: number, x: number) => [40 + 9 * x + 7 * y];
const colours = (y: number, x: number) => [20 + 17 * x, 200 - 9 * y, 40 + 5 * x + 5 * y];
const tint = (y: number, x: number) => [30, 0, -20].map((more) => grey(y, x)[0]! + more);

/** A smooth picture, which JPEG keeps well. */
function smooth(height: number, width: number, channels: number): Image {
  const data = Float32Array.from({ length: height * width * channels }, (_, index) => {
    const pixel = Math.floor(index / channels);
    const [y, x] = [Math.floor(pixel / width), pixel % width];
    return 0.5 + 0.4 * Math.sin(0.1 * x + 0.2 * y + (index % channels));
  });
  return image(data, { height, width, channels });
}

function largestDifference(a: Image, b: Image): number {
  expect([a.height, a.width, a.channels]).toEqual([b.height, b.width, b.channels]);
  return a.data.reduce((most, value, index) => Math.max(most, Math.abs(value - b.data[index]!)), 0);
}

describe('jpeg: every kind of file that is read', () => {
  it.each([
    ['grey', jpegFiles.grey, grey],
    ['progressive', jpegFiles.progressive, colours],
    ['with restarts', jpegFiles.restarts, colours],
    ['colours in half the detail', jpegFiles.halved, tint],
    ['red, green and blue as they are', jpegFiles.rgb, colours],
  ])('%s', (_, file, value) => {
    const picture = parseJpeg(bytesOf(file));
    expect([picture.height, picture.width, picture.channels]).toEqual([10, 13, value(0, 0).length]);
    picture.data.forEach((found, index) => {
      const pixel = Math.floor(index / picture.channels);
      const expected = value(Math.floor(pixel / 13), pixel % 13)[index % picture.channels]!;
      // libjpeg itself is up to 3 grey levels off at this quality; the decoder's whole numbers are one more.
      expect(Math.abs(255 * found - expected)).toBeLessThanOrEqual(4);
    });
  });
});

describe('jpeg: what is written is read', () => {
  it.each([
    [1, 1],
    [8, 16],
    [19, 33],
  ])('of %i × %i pixels, to a few grey levels', (height, width) => {
    const picture = smooth(height, width, 3);
    // Steps of 1 and 2 in the coefficients, and whole numbers of brightness and colour: 4 grey levels at most.
    expect(largestDifference(parseJpeg(encodeJpeg(picture, { quality: 100 })), picture)).toBeLessThan(
      5 / 255,
    );
  });

  it('grey as equal colours, and clipped', () => {
    const picture = smooth(10, 12, 1);
    const back = parseJpeg(encodeJpeg(picture));
    expect(back.channels).toBe(3);
    expect(largestDifference(toGrey(back), picture)).toBeLessThan(5 / 255);
    for (const value of [-0.4, 1.7]) {
      const { data } = parseJpeg(encodeJpeg(image(new Float32Array(4).fill(value), { height: 2, width: 2 })));
      for (const found of data) expect(found).toBe(value < 0 ? 0 : 1);
    }
  });

  it('smaller with less quality, and worse', () => {
    const picture = noisePicture(32, 32, 3);
    const [small, large] = [20, 95].map((quality) => encodeJpeg(picture, { quality }));
    expect(small!.length).toBeLessThan(large!.length / 2);
    expect(largestDifference(parseJpeg(small!), picture)).toBeGreaterThan(
      largestDifference(parseJpeg(large!), picture),
    );
  });

  it('not at all where the format cannot hold it', () => {
    expect(() => encodeJpeg(noisePicture(2, 2, 4))).toThrow(/1 or 3 channels, got 4/);
    expect(() => encodeJpeg(image(new Float32Array(65_536), { height: 1, width: 65_536 }))).toThrow(/65535/);
    expect(() => encodeJpeg(noisePicture(2, 2), { quality: 0 })).toThrow(/1 … 100/);
    expect(() => encodeJpeg(noisePicture(2, 2), { depth: 8 } as object)).toThrow(/"depth"/);
  });
});

describe('jpeg: what is refused', () => {
  it('what is no JPEG file', () => {
    expect(() => parseJpeg(new Uint8Array(0))).toThrow(/jpeg: the file is empty/);
    expect(() => parseJpeg(encodePng(noisePicture(2, 2)))).toThrow(/jpeg: not a JPEG file/);
    expect(() => parseJpeg(Uint8Array.of(0xff, 0xd8, 0xff, 0xd9))).toThrow(/jpeg: no frame/);
  });

  it.each(['grey', 'progressive', 'restarts', 'rgb'] as const)('a file cut anywhere: %s', (kind) => {
    const whole = bytesOf(jpegFiles[kind]);
    for (let length = 0; length < whole.length; length++) {
      expect(() => parseJpeg(whole.subarray(0, length)), `cut after ${length}`).toThrow(/^jpeg: /);
    }
  });

  it('a file without its middle', () => {
    const whole = bytesOf(jpegFiles.restarts);
    const holed = Buffer.concat([whole.subarray(0, -60), whole.subarray(-2)]);
    expect(() => parseJpeg(holed)).toThrow(/jpeg: damaged/);
  });

  it('and reads or refuses what is damaged anywhere, and nothing else', () => {
    const whole = bytesOf(jpegFiles.restarts);
    for (let at = 0; at < whole.length; at++) {
      const damaged = whole.slice();
      damaged[at]! ^= 0x11;
      try {
        parseJpeg(damaged);
      } catch (error) {
        expect(String(error), `damaged at ${at}`).toMatch(/UnrolledError: jpeg: /);
      }
    }
  });

  it('headers that promise too much, or kinds that cannot be read', () => {
    const whole = bytesOf(jpegFiles.grey);
    const frame = whole.findIndex((byte, at) => byte === 0xff && whole[at + 1] === 0xc0);
    const changed = (at: number, ...bytes: number[]): Uint8Array => {
      const copy = whole.slice();
      copy.set(bytes, frame + at);
      return copy;
    };
    expect(() => parseJpeg(changed(5, 0xff, 0xff, 0xff, 0xff))).toThrow(/cannot hold 65535 × 65535 pixels/);
    expect(() => parseJpeg(changed(5, 0, 0))).toThrow(/expected pixels, found 0 × 13/);
    expect(() => parseJpeg(changed(4, 12))).toThrow(/12 bits/);
    expect(() => parseJpeg(changed(1, 0xc9))).toThrow(/kind 0xffc9/);
    expect(() => parseJpeg(bytesOf(jpegFiles.cmyk))).toThrow(/1 or 3 channels, found 4/);
  });
});

describe('parsePicture', () => {
  it('reads both, by their first bytes', () => {
    const picture = noisePicture(3, 4, 3);
    expect(parsePicture(encodePng(picture)).data[5]).toBeCloseTo(picture.data[5]!, 2);
    expect(parsePicture(bytesOf(jpegFiles.grey))).toEqual(parseJpeg(bytesOf(jpegFiles.grey)));
    expect(() => parsePicture(encodePng(picture).subarray(0, 20))).toThrow(/^png: truncated/);
    expect(() => parsePicture(bytesOf(jpegFiles.grey).subarray(0, 20))).toThrow(/^jpeg: truncated/);
  });

  it.each([
    ['GIF89a…', 'a GIF file'],
    ['RIFF\x10\0\0\0WEBPVP8 ', 'a WebP file'],
    ['II*\0\x08\0\0\0', 'a TIFF file'],
    ['\0\0\0\x20ftypavif', 'an AVIF or HEIC file'],
    ['\x93NUMPY\x01\0', 'a NumPy file'],
    ['%PDF-1.7', 'a PDF file'],
    ['PK\x03\x04', 'a ZIP archive'],
    ['name,value\n1,2\n', 'text'],
    ['', 'an empty file'],
    ['\0\x01\x02', 'a file of another kind'],
  ])('says what it found otherwise: %j', (start, what) => {
    expect(() => parsePicture(Uint8Array.from(start, (character) => character.charCodeAt(0) & 0xff))).toThrow(
      `picture: expected a PNG or JPEG file, found ${what}`,
    );
  });
});
