import { describe, expect, it } from 'vitest';
import { crop, image, imageSheet } from '../src/index.ts';
import { greyRows, noisePicture } from './fixtures.ts';

/** The rows of a grey picture, ink as `#`. */
const drawn = ({ data, width }: { data: Float32Array; width: number }): string[] =>
  Array.from({ length: data.length / width }, (_, row) =>
    Array.from(data.subarray(row * width, (row + 1) * width), (value) => (value < 1 ? '#' : ' ')).join(''),
  );

describe('imageSheet', () => {
  it('places pictures in rows, enlarged by whole pixels, with room between them', () => {
    const [a, b, c] = [greyRows([0, 0.5]), greyRows([0.25], [0.75]), greyRows([1])];
    const sheet = imageSheet([[{ picture: a }, { picture: b }], [{ picture: c }]], {
      scale: 2,
      gap: 1,
      background: 0.9,
    });
    // 1 + 2·2 + 1 + 2·1 + 1 wide; 1 + 2·2 + 1 + 2·1 + 1 high.
    expect([sheet.height, sheet.width, sheet.channels]).toEqual([9, 9, 1]);
    const x = Math.fround(0.9);
    expect(Array.from(crop(sheet, { top: 1, height: 2, width: 9 }).data)).toEqual([
      ...[x, 0, 0, 0.5, 0.5, x, 0.25, 0.25, x],
      ...[x, 0, 0, 0.5, 0.5, x, 0.25, 0.25, x],
    ]);
    expect(sheet.data[6 * 9 + 1]).toBe(1);
  });

  it('writes captions above them', () => {
    const sheet = imageSheet([[{ picture: greyRows([1, 1]), caption: 'H1' }]], { scale: 1, gap: 0 });
    // Letters are two pixels thick: every second row and column.
    const lines = drawn(sheet)
      .filter((_, row) => row % 2 === 0 && row < 16)
      .map((line) =>
        Array.from(line)
          .filter((_, column) => column % 2 === 0)
          .join(''),
      );
    expect(lines).toEqual([
      '#   #   #  ',
      '#   #  ##  ',
      '#   #   #  ',
      '#####   #  ',
      '#   #   #  ',
      '#   #   #  ',
      '#   #  ### ',
      '           ',
    ]);
    // What the font does not have is a question mark, not a hole.
    const strange = imageSheet([[{ picture: greyRows([1]), caption: 'ß' }]]);
    expect(strange).toEqual(imageSheet([[{ picture: greyRows([1]), caption: '?' }]]));
  });

  it('is grey for grey pictures and coloured where one is', () => {
    expect(imageSheet([[{ picture: noisePicture(4, 4) }]]).channels).toBe(1);
    const sheet = imageSheet([[{ picture: noisePicture(4, 4) }, { picture: noisePicture(4, 4, 3) }]], {
      scale: 1,
      gap: 0,
    });
    expect(sheet.channels).toBe(3);
    expect(sheet.data[0]).toBe(sheet.data[2]);
    expect(Array.from(sheet.data.subarray(12, 15))).toEqual(
      Array.from(noisePicture(4, 4, 3).data.subarray(0, 3)),
    );
  });

  it('makes small pictures large enough to be seen', () => {
    expect(imageSheet([[{ picture: noisePicture(10, 50) }]]).width).toBe(16 + 250 + 16);
    expect(imageSheet([[{ picture: noisePicture(10, 500) }]]).width).toBe(16 + 500 + 16);
  });

  it('refuses a sheet of nothing, and opacity', () => {
    expect(() => imageSheet([])).toThrow(/at least one picture/);
    expect(() => imageSheet([[]])).toThrow(/at least one picture/);
    const seeThrough = image(new Float32Array(2), { height: 1, width: 1, channels: 2 });
    expect(() => imageSheet([[{ picture: seeThrough }]])).toThrow(/rows\[0\]\[0\]\.picture.*1 or 3 channels/);
    expect(() => imageSheet([[{ picture: noisePicture(1, 1) }]], { scale: 0.5 })).toThrow(/scale/);
  });
});
