import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePng, image, parsePng, toGrey } from '../src/index.ts';
import { noisePicture, pngFile } from './fixtures.ts';

const thirds = [0, 1 / 3, 2 / 3, 1].map(Math.fround);

describe('png: what is written is read', () => {
  it.each([8, 16] as const)('of any size and channels, to half a step of %i bits', (depth) => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 1, max: 4 }), fc.nat(99), (height, width, channels, seed) => {
        const picture = noisePicture(height, width, channels, seed);
        const back = parsePng(encodePng(picture, { depth }));
        expect([back.height, back.width, back.channels]).toEqual([height, width, channels]);
        const step = 1 / (2 ** depth - 1);
        back.data.forEach((value, index) => {
          // Float32 adds 6e-8 to the half step.
          expect(Math.abs(value - picture.data[index]!)).toBeLessThanOrEqual(step / 2 + 1e-7);
        });
        // What has been rounded once is kept bit for bit.
        expect(parsePng(encodePng(back, { depth }))).toEqual(back);
      }),
      { numRuns: 30 },
    );
  });

  it('clips what lies outside 0 … 1', () => {
    const picture = image(Float32Array.of(-0.4, 0.5, 1.7), { height: 1, width: 3 });
    expect(Array.from(parsePng(encodePng(picture)).data)).toEqual([0, Math.fround(128 / 255), 1]);
  });
});

describe('png: every kind of file of the specification', () => {
  const size = { height: 2, width: 3 };
  it.each([
    ['grey, 1 bit', { ...size, depth: 1, type: 0, rows: [[0b10100000], [0b01000000]] }, [1, 0, 1, 0, 1, 0]],
    [
      'grey, 2 bits, rows of several bytes',
      { height: 1, width: 5, depth: 2, type: 0, rows: [[0b00011011, 0b10000000]] },
      [...thirds, thirds[2]!],
    ],
    ['grey, 4 bits', { height: 1, width: 3, depth: 4, type: 0, rows: [[0x0f, 0x50]] }, [0, 1, thirds[1]!]],
    [
      'grey, 16 bits',
      { height: 1, width: 2, depth: 16, type: 0, rows: [[0xff, 0xff, 0x01, 0x00]] },
      [1, Math.fround(256 / 65535)],
    ],
    ['RGB', { height: 1, width: 1, depth: 8, type: 2, rows: [[255, 51, 0]] }, [1, Math.fround(0.2), 0]],
    [
      'grey and opacity',
      { height: 1, width: 1, depth: 8, type: 4, rows: [[51, 255]] },
      [Math.fround(0.2), 1],
    ],
    [
      'RGB and opacity',
      { height: 1, width: 1, depth: 8, type: 6, rows: [[255, 0, 51, 0]] },
      [1, 0, Math.fround(0.2), 0],
    ],
    [
      'a palette, 2 bits',
      {
        height: 1,
        width: 3,
        depth: 2,
        type: 3,
        rows: [[0b01001000]],
        palette: [0, 0, 0, 255, 0, 0, 0, 0, 255],
      },
      [1, 0, 0, 0, 0, 0, 0, 0, 1],
    ],
    [
      'a palette with opacity',
      {
        height: 1,
        width: 2,
        depth: 8,
        type: 3,
        rows: [[1, 0]],
        palette: [0, 0, 0, 255, 255, 255],
        transparency: [0],
      },
      [1, 1, 1, 1, 0, 0, 0, 0],
    ],
    [
      'grey with a transparent value',
      { height: 1, width: 2, depth: 8, type: 0, rows: [[51, 255]], transparency: [0, 51] },
      [Math.fround(0.2), 0, 1, 1],
    ],
    [
      'RGB with a transparent colour',
      {
        height: 1,
        width: 3,
        depth: 8,
        type: 2,
        rows: [[255, 0, 0, 255, 0, 255, 0, 0, 0]],
        transparency: [0, 255, 0, 0, 0, 0],
      },
      [1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1],
    ],
  ])('%s', (_, file, expected) => {
    const { data, height, width, channels } = parsePng(pngFile(file));
    expect(Array.from(data)).toEqual(expected.map(Math.fround));
    expect([height, width]).toEqual([file.height, file.width]);
    expect(data.length).toBe(height * width * channels);
  });
});

describe('png: what is refused', () => {
  const whole = encodePng(noisePicture(9, 9));
  const grey = { height: 1, width: 8, depth: 8, type: 0, rows: [[1, 2, 3, 4, 5, 6, 7, 8]] };

  it('what is no PNG file', () => {
    expect(() => parsePng(new Uint8Array(0))).toThrow(/png: the file is empty/);
    expect(() => parsePng(new TextEncoder().encode('GIF89a and so on'))).toThrow(/png: not a PNG file/);
    expect(() => parsePng(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).toThrow(/png: not a PNG file/);
  });

  it('a file cut anywhere', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(() => parsePng(whole.subarray(0, length)), `cut after ${length}`).toThrow(/^png: /);
    }
  });

  it('a file damaged anywhere', () => {
    for (let at = 0; at < whole.length; at++) {
      const damaged = whole.slice();
      damaged[at]! ^= 0x04;
      expect(() => parsePng(damaged), `damaged at ${at}`).toThrow(/^png: /);
    }
  });

  it('headers that promise too much or too little', () => {
    expect(() => parsePng(pngFile({ ...grey, width: 0, rows: [[]] }))).toThrow(
      /expected pixels, found 1 × 0/,
    );
    expect(() => parsePng(pngFile({ ...grey, height: 60_000, width: 60_000 }))).toThrow(/cannot hold/);
    expect(() => parsePng(pngFile({ ...grey, type: 5 }))).toThrow(/type of colour/);
    expect(() => parsePng(pngFile({ ...grey, depth: 4, interlace: 1 }))).toThrow(
      /interlaced pictures of 4 bits/,
    );
    const palette = { ...grey, width: 1, type: 3, rows: [[7]], palette: [0, 0, 0] };
    expect(() => parsePng(pngFile(palette))).toThrow(/index of palette/);
  });

  it('pictures that a PNG file cannot hold', () => {
    expect(() => encodePng(noisePicture(2, 2, 5))).toThrow(/1 to 4 channels, got 5/);
    expect(() => encodePng(noisePicture(2, 2), { depth: 12 as 8 })).toThrow(/depth: expected 8 or 16/);
    expect(() => encodePng(noisePicture(2, 2), { bits: 8 } as object)).toThrow(/unknown option "bits"/);
    const spoilt = { ...noisePicture(2, 2), data: Float32Array.of(0, Number.NaN, 0, 0) };
    expect(() => encodePng(spoilt)).toThrow(/picture: expected finite numbers, got NaN at index 1/);
  });
});

const kodak = new URL('../../../../shared/data/images/kodak_gray/kodim01.png', import.meta.url);
if (!existsSync(kodak)) console.warn('skipped: ../shared/data/images/kodak_gray/kodim01.png is not there');

it.skipIf(!existsSync(kodak))('reads a photograph: the sum of its numbers is that of numpy', () => {
  const picture = toGrey(parsePng(readFileSync(kodak)));
  expect([picture.height, picture.width, picture.channels]).toEqual([512, 768, 1]);
  expect(picture.data.reduce((sum, value) => sum + Math.round(255 * value), 0)).toBe(43142833);
});
