import { random } from '@unrolled/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crop, flip, type Image, image, randomCrop, randomFlip, resize, toGrey } from '../src/index.ts';
import { greyRows, noisePicture } from './fixtures.ts';

const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('image', () => {
  it('refuses what is none', () => {
    const size = { height: 2, width: 2 };
    expect(() => image(new Float32Array(3), size)).toThrow(/expected 4 numbers for \[2, 2, 1\], got 3/);
    expect(() => image(new Float32Array(0), { height: 0, width: 2 })).toThrow(/image\.height.*≥ 1/);
    expect(() => image(Float32Array.of(1, 2, Number.POSITIVE_INFINITY, 4), size)).toThrow(
      /Infinity at index 2/,
    );
    expect(() => image([1, 2, 3, 4] as unknown as Float32Array, size)).toThrow(/Float32Array/);
    expect(() => image(new Float32Array(4), { ...size, depth: 1 } as typeof size)).toThrow(/option "depth"/);
  });
});

describe('toGrey', () => {
  it('weighs colours, and lays what is not opaque over the background', () => {
    const pixels = Float32Array.of(1, 0, 0, 1, 0, 1, 0, 0.5, 1, 1, 1, 0);
    const picture = image(pixels, { height: 1, width: 3, channels: 4 });
    // 0.299; half of 0.587 and half of the background; the background.
    const over = (background: number) => [0.299, 0.2935 + background / 2, background].map(Math.fround);
    expect(Array.from(toGrey(picture).data)).toEqual(over(1));
    expect(Array.from(toGrey(picture, { background: 0 }).data)).toEqual(over(0));
  });

  it('leaves a grey picture as it is', () => {
    const picture = noisePicture(3, 4);
    expect(toGrey(picture)).toEqual(picture);
    expect(() => toGrey(noisePicture(1, 1, 5))).toThrow(/1 to 4 channels/);
  });
});

describe('crop', () => {
  it('is a part of the picture, channels and all', () => {
    const picture = noisePicture(5, 7, 3);
    const part = crop(picture, { top: 2, left: 4, height: 3, width: 2 });
    expect([part.height, part.width, part.channels]).toEqual([3, 2, 3]);
    expect(part.data[(1 * 2 + 1) * 3 + 2]).toBe(picture.data[(3 * 7 + 5) * 3 + 2]);
  });

  it('stays within it', () => {
    const picture = noisePicture(5, 7);
    expect(() => crop(picture, { top: 3, height: 3, width: 2 })).toThrow(/5 × 7 pixels.*to row 6/);
    expect(() => crop(picture, { left: -1, height: 3, width: 2 })).toThrow(/box\.left/);
  });
});

describe('flip', () => {
  const picture = greyRows([1, 2, 3], [4, 5, 6]);

  it('is a mirror, and its own inverse, channels and all', () => {
    expect(flip(picture, { horizontal: true })).toEqual(greyRows([3, 2, 1], [6, 5, 4]));
    expect(flip(picture, { vertical: true })).toEqual(greyRows([4, 5, 6], [1, 2, 3]));
    expect(flip(picture, {})).toEqual(picture);
    const colour = noisePicture(4, 5, 3);
    const both = { horizontal: true, vertical: true };
    expect(flip(flip(colour, both), both)).toEqual(colour);
    expect(flip(colour, both).data.subarray(0, 3)).toEqual(colour.data.subarray(-3));
    expect(() => flip(picture, { axis: 0 } as object)).toThrow(/"axis"/);
  });

  it('at random gives all four alike, the same for the same seed', () => {
    const counts = new Map<string, number>();
    const generator = random(0);
    for (let draw = 0; draw < 400; draw++) {
      const first = String(randomFlip(picture, generator).data[0]);
      counts.set(first, (counts.get(first) ?? 0) + 1);
    }
    // 100 each, with a deviation of 8.7: five.
    expect([...counts.keys()].sort()).toEqual(['1', '3', '4', '6']);
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(44);
    expect(randomFlip(picture, random(1))).toEqual(randomFlip(picture, random(1)));
  });
});

describe('a random crop', () => {
  // Every pixel is the number of its place.
  const places = (height: number, width: number): Image =>
    image(
      Float32Array.from({ length: height * width }, (_, at) => at),
      { height, width },
    );

  it('is a part of the picture, from every place alike', () => {
    const generator = random(2);
    const counts = new Map<number, number>();
    for (let draw = 0; draw < 600; draw++) {
      const part = randomCrop(places(3, 5), { height: 2, width: 3 }, generator);
      const first = part.data[0]!;
      expect(Array.from(part.data)).toEqual([0, 1, 2, 5, 6, 7].map((place) => first + place));
      counts.set(first, (counts.get(first) ?? 0) + 1);
    }
    // 100 each of six, with a deviation of 9.1: five.
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 5, 6, 7]);
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(46);
  });

  it('fits', () => {
    const size = { height: 3, width: 3 };
    expect(randomCrop(places(3, 3), size, random(0))).toEqual(places(3, 3));
    expect(() => randomCrop(places(3, 2), size, random(0))).toThrow(/at least 3 × 3 pixels, got 3 × 2/);
    expect(() => randomCrop(places(3, 3), size, undefined as never)).toThrow(/random/);
  });
});

describe('resize', () => {
  it('by area takes the mean of what a pixel covers', () => {
    const picture = greyRows([0, 1, 2, 3], [4, 5, 6, 7]);
    expect(resize(picture, { height: 1, width: 2 })).toEqual(greyRows([2.5, 4.5]));
    // Three pixels of 4/3 each: (0 + 1/3)/(4/3), (2/3 + 2·2/3)/(4/3), (2/3·… ) by hand.
    const thirds = resize(greyRows([0, 1, 2, 3]), { height: 1, width: 3 });
    [1 / 4, 3 / 2, 11 / 4].forEach((value, index) => {
      expect(thirds.data[index]).toBeCloseTo(value, 6);
    });
  });

  it('by area keeps the mean of the picture, by both methods a constant', () => {
    const sizes = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(sizes, sizes, sizes, sizes, (height, width, toHeight, toWidth) => {
        const picture = noisePicture(height, width, 2);
        const target = { height: toHeight, width: toWidth };
        // Float32 rounds every number: 1e-6 of numbers below 1.
        expect(mean(resize(picture, { ...target, method: 'area' }).data)).toBeCloseTo(mean(picture.data), 5);
        const flat = image(new Float32Array(height * width).fill(0.7), { height, width });
        for (const method of ['area', 'bilinear'] as const)
          for (const value of resize(flat, { ...target, method }).data) expect(value).toBeCloseTo(0.7, 6);
      }),
    );
  });

  it('bilinearly draws straight lines between centres, as torch.nn.functional.interpolate(align_corners=False)', () => {
    const twice = resize(greyRows([0, 4]), { height: 1, width: 4 });
    expect(Array.from(twice.data)).toEqual([0, 1, 3, 4]);
    // 5 → 3 with centres at 1/3, 2, 11/3.
    const fewer = resize(greyRows([0, 3, 6, 9, 12]), { height: 1, width: 3, method: 'bilinear' });
    [1, 6, 11].forEach((value, index) => {
      expect(fewer.data[index]).toBeCloseTo(value, 6);
    });
  });

  it('to its own size is the picture, by both methods', () => {
    const picture = noisePicture(4, 6, 3);
    expect(resize(picture, { height: 4, width: 6, method: 'area' })).toEqual(picture);
    expect(resize(picture, { height: 4, width: 6, method: 'bilinear' })).toEqual(picture);
  });

  it('refuses other methods and sizes', () => {
    const picture = noisePicture(4, 6);
    expect(() => resize(picture, { height: 0, width: 6 })).toThrow(/size\.height/);
    expect(() => resize(picture, { height: 1, width: 6, method: 'cubic' as 'area' })).toThrow(
      /area, bilinear/,
    );
  });
});
