import { random } from '@unrolled/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assemblePatches,
  gridPatches,
  mapTiles,
  type Patches,
  randomPatches,
  restorePatches,
  standardizePatches,
  withValues,
} from '../src/index.ts';
import { greyRows, noisePicture } from './fixtures.ts';

const size = (height: number, width: number) => ({ height, width });

describe('patches on a grid', () => {
  it('are cut row by row, and cover the edges by patches that end there', () => {
    const picture = greyRows([0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [10, 11, 12, 13, 14]);
    const patches = gridPatches(picture, size(2, 2));
    expect(patches.shape).toEqual([6, 4]);
    expect(Array.from(patches.tops)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(Array.from(patches.lefts)).toEqual([0, 2, 3, 0, 2, 3]);
    expect(Array.from(patches.data.subarray(8, 12))).toEqual([3, 4, 8, 9]);
  });

  it('leave out what is left over, where asked: nine of 10 × 10 in 32 × 32', () => {
    const patches = gridPatches(noisePicture(32, 32), { ...size(10, 10), edges: 'drop' });
    expect(patches.shape).toEqual([9, 100]);
    expect(Math.max(...patches.tops)).toBe(20);
  });

  it('put together again are the picture, bit for bit, whatever the overlap, the window and the channels', () => {
    const sizes = fc.integer({ min: 1, max: 8 });
    fc.assert(
      fc.property(
        sizes,
        sizes,
        fc.nat(9),
        fc.nat(9),
        sizes,
        fc.constantFrom('flat', 'hann'),
        (h, w, dh, dw, s, window) => {
          const picture = noisePicture(h + dh, w + dw, 1 + (dh % 3), s);
          const stride = Math.min(s, h, w);
          const patches = gridPatches(picture, { ...size(h, w), stride });
          expect(assemblePatches(patches, picture, { window })).toEqual(picture);
        },
      ),
    );
  });

  it('average where they overlap, by their windows', () => {
    const patches = gridPatches(greyRows([0, 0, 0]), { ...size(1, 2), stride: 1 });
    const changed = withValues(patches, Float32Array.of(0, 3, 1, 0));
    expect(assemblePatches(changed, size(1, 3))).toEqual(greyRows([0, 2, 0]));
    // Of two pixels the window is symmetric: sin²(π/4) = sin²(3π/4).
    expect(assemblePatches(changed, size(1, 3), { window: 'hann' }).data[1]).toBeCloseTo(2, 6);
    const wide = gridPatches(greyRows([0, 0, 0, 0]), { ...size(1, 3), stride: 1 });
    const ramp = withValues(wide, Float32Array.of(0, 4, 4, 0, 0, 0));
    // Column 2 is the last of the first patch, weight sin²(5π/6) = 1/4, and the middle of the second, weight 1.
    expect(assemblePatches(ramp, size(1, 4), { window: 'hann' }).data[2]).toBeCloseTo(4 / 5, 6);
  });

  it('are refused where a picture is too small, or a pixel would be in none', () => {
    expect(() => gridPatches(noisePicture(7, 16), size(8, 8))).toThrow(/at least 8 × 8 pixels.*got 7 × 16/);
    expect(() => gridPatches(noisePicture(16, 16), { ...size(4, 4), stride: 5 })).toThrow(
      /edges.*drop.*cover/,
    );
    expect(() => gridPatches(noisePicture(16, 16), { ...size(4, 4), stride: 0 })).toThrow(/stride/);
    const dropped = gridPatches(noisePicture(5, 5), { ...size(4, 4), edges: 'drop' });
    expect(() => assemblePatches(dropped, size(5, 5))).toThrow(/row 0, column 4/);
    expect(() => assemblePatches(dropped, size(3, 9))).toThrow(/within 3 × 9.*row 0, column 0/);
    expect(() => assemblePatches(dropped, size(4, 4), { window: 'box' as 'flat' })).toThrow(/flat, hann/);
    expect(() => withValues(dropped, new Float32Array(3))).toThrow(/data.*\[16\].*\[3\]/);
  });
});

describe('random patches', () => {
  it('are parts of the pictures, the same for the same seed', () => {
    const picture = noisePicture(9, 11, 3);
    const draw = (seed: number): Patches =>
      randomPatches(picture, { ...size(4, 3), count: 20, random: random(seed) });
    const patches = draw(1);
    expect(patches.shape).toEqual([20, 36]);
    expect(draw(1)).toEqual(patches);
    expect(draw(2)).not.toEqual(patches);
    patches.tops.forEach((top, patch) => {
      const at = (top * 11 + patches.lefts[patch]!) * 3;
      expect(patches.data[patch * 36]).toBe(picture.data[at]);
    });
  });

  it('come from every place alike', () => {
    // Two pictures with 2 and 4 places: 6 places, 6000 draws.
    const pictures = [greyRows([0, 1, 9]), greyRows([2, 3, 4, 5, 9])];
    const { data } = randomPatches(pictures, { ...size(1, 2), count: 6000, random: random(3) });
    const counts = [0, 0, 0, 0, 0, 0];
    for (let patch = 0; patch < 6000; patch++) counts[data[2 * patch]!]!++;
    // 1000 each with a deviation of 29: five deviations.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(145);
  });

  it('are refused where there is no picture, or one that does not fit', () => {
    const options = { ...size(4, 4), count: 2, random: random(0) };
    expect(() => randomPatches([], options)).toThrow(/at least one picture/);
    expect(() => randomPatches([noisePicture(5, 5), noisePicture(3, 5)], options)).toThrow(
      /pictures\[1\].*at least 4 × 4/,
    );
    expect(() => randomPatches([noisePicture(5, 5), noisePicture(5, 5, 3)], options)).toThrow(
      /pictures\[1\]\.channels/,
    );
    expect(() => randomPatches(noisePicture(5, 5), { ...options, seed: 1 } as typeof options)).toThrow(
      /"seed"/,
    );
  });
});

describe('standardised patches', () => {
  const patches = gridPatches(noisePicture(8, 8), size(4, 4));

  it('have mean 0, and deviation 1 where asked', () => {
    const { patches: standard } = standardizePatches(patches, { deviation: true, floor: 0 });
    for (let patch = 0; patch < 4; patch++) {
      const own = Array.from(standard.data.subarray(16 * patch, 16 * patch + 16));
      const mean = own.reduce((sum, value) => sum + value, 0) / 16;
      // Float32 numbers of size 1: their mean of 16 is exact to 1e-6.
      expect(Math.abs(mean)).toBeLessThan(1e-6);
      expect(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 16).toBeCloseTo(1, 5);
    }
  });

  it.each([{}, { deviation: true }, { deviation: true, floor: 0 }])('are put back, %o', (options) => {
    const back = restorePatches(standardizePatches(patches, options));
    // One rounding each of the difference, the quotient, the product and the sum: 4 · 6e-8.
    back.data.forEach((value, index) => {
      expect(Math.abs(value - patches.data[index]!)).toBeLessThan(2.5e-7);
    });
    expect(back.tops).toEqual(patches.tops);
  });

  it('stay finite where a patch is flat', () => {
    const flat = gridPatches(greyRows([3, 3], [3, 3]), size(2, 2));
    const { patches: standard, means, scales } = standardizePatches(flat, { deviation: true, floor: 0 });
    expect(Array.from(standard.data)).toEqual([0, 0, 0, 0]);
    expect([means[0], scales[0]]).toEqual([3, 1]);
  });

  it('are put back with numbers for every patch alone', () => {
    const parts = standardizePatches(patches);
    expect(() => restorePatches({ ...parts, means: new Float32Array(3) })).toThrow(/means/);
    expect(() => standardizePatches(patches, { floor: -1 })).toThrow(/floor/);
  });
});

describe('mapTiles', () => {
  const picture = noisePicture(37, 23);
  const tiles = { ...size(8, 8), stride: 5, batch: 7 };

  it('gives one picture for every result, the same for any batch, and tells how far it is', async () => {
    const told: number[] = [];
    const [same, half] = await mapTiles(
      picture,
      { ...tiles, onProgress: (done, total) => told.push(done / total) },
      (cut) => [
        cut,
        withValues(
          cut,
          cut.data.map((value) => value / 2),
        ),
      ],
    );
    expect(same).toEqual(picture);
    expect(half!.data[100]).toBe(picture.data[100]! / 2);
    expect(told.at(-1)).toBe(1);
    expect(told.length).toBeGreaterThan(2);
    const [atOnce] = await mapTiles(picture, { ...tiles, batch: 1000 }, async (cut) => [cut]);
    expect(atOnce).toEqual(same);
  });

  it('stops where it is told to', async () => {
    const abort = new AbortController();
    let calls = 0;
    const work = (cut: Patches) => {
      if (++calls === 2) abort.abort();
      return [cut];
    };
    await expect(mapTiles(picture, { ...tiles, signal: abort.signal }, work)).rejects.toThrow(/aborted/);
    expect(calls).toBe(2);
  });

  it('refuses small pictures, and work that gives none or not as many', async () => {
    await expect(mapTiles(noisePicture(7, 9), tiles, (cut) => [cut])).rejects.toThrow(/at least 8 × 8/);
    await expect(mapTiles(picture, tiles, () => [])).rejects.toThrow(/work: expected to give a list/);
    let calls = 0;
    const changing = (cut: Patches) => (++calls === 1 ? [cut] : [cut, cut]);
    await expect(mapTiles(picture, tiles, changing)).rejects.toThrow(/work: expected 1, as it gave before/);
    const spoilt = (cut: Patches) => [withValues(cut, new Float32Array(cut.data.length).fill(Number.NaN))];
    await expect(mapTiles(picture, tiles, spoilt)).rejects.toThrow(/work: result 0.*NaN/);
  });
});
