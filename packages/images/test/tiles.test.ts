import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Image, image, mapHaloTiles, receptiveRadius } from '../src/index.ts';
import { noisePicture } from './fixtures.ts';
import { type StridedNetwork, stridedNetwork } from './reference/strided-network.ts';

/** The largest difference of two pictures, and that they have one size. */
function difference(a: Image, b: Image): number {
  expect([a.height, a.width, a.channels]).toEqual([b.height, b.width, b.channels]);
  return a.data.reduce((most, value, index) => Math.max(most, Math.abs(value - b.data[index]!)), 0);
}

const tiled = async (
  network: StridedNetwork,
  picture: Image,
  options: Parameters<typeof mapHaloTiles>[1],
): Promise<Image> => {
  const [result] = await mapHaloTiles(picture, options, (tile) => [stridedNetwork(network, tile)]);
  return result!;
};

describe('tiles with a halo', () => {
  it.each(['all', 'none'] as const)(
    'give the untiled result of a strided network, shifts: %s, whatever the sizes',
    async (shifts) => {
      const between = (min: number, max: number) => fc.integer({ min, max });
      await fc.assert(
        fc.asyncProperty(
          between(1, 4),
          between(0, 3),
          between(1, 3),
          between(0, 6),
          between(0, 12),
          between(1, 9),
          async (stride, longer, layers, down, right, core) => {
            const atom = stride + longer;
            const shape = { layers, atom, stride };
            const network = { ...shape, shifts, bias: 0.01 };
            const halo = receptiveRadius(shape);
            const picture = noisePicture(
              Math.min(atom + down + 20, 26 + down),
              Math.min(2 * halo + core + right + 1, 60),
              1,
              down,
            );
            const result = await tiled(network, picture, { core, halo, align: stride });
            // The same sums in another order at most, in float64, rounded to float32: numbers below 4.
            expect(difference(result, stridedNetwork(network, picture))).toBeLessThan(1e-6);
          },
        ),
        { numRuns: 10 },
      );
    },
  );

  // 61 × 45 pixels: sizes that are no multiples of anything, 3 × 2 tiles and more.
  const picture = noisePicture(61, 45);
  const shape = { layers: 2, atom: 4, stride: 3 };
  const network = { ...shape, shifts: 'none' } as const;
  const halo = receptiveRadius(shape);

  it('differ where the halo is too small, or tiles begin off the grid: the law can fail', async () => {
    const whole = stridedNetwork(network, picture);
    const fitting = { core: 6, halo, align: 3 };
    expect(halo).toBe(6);
    expect(difference(await tiled(network, picture, fitting), whole)).toBeLessThan(1e-6);
    expect(difference(await tiled(network, picture, { ...fitting, halo: 3 }), whole)).toBeGreaterThan(1e-4);
    expect(difference(await tiled(network, picture, { ...fitting, align: 2 }), whole)).toBeGreaterThan(1e-4);
  });

  it('are of one size, begin on the grid, and are as large as the picture modulo the stride', async () => {
    const sizes = new Set<string>();
    const tops = new Set<number>();
    // A picture whose numbers say where they are.
    const rows = image(
      picture.data.map((_, pixel) => Math.floor(pixel / 45)),
      { height: 61, width: 45 },
    );
    const [same] = await mapHaloTiles(rows, { core: 6, halo, align: 3 }, (tile) => {
      sizes.add(`${tile.height} × ${tile.width}`);
      tops.add(tile.data[0]!);
      return [tile];
    });
    expect(same).toEqual(rows);
    // 6 + 2 · 6 and the remainders of 61 − 6 and 45 − 6 pixels.
    expect([...sizes]).toEqual(['19 × 18']);
    expect([...tops]).toEqual([0, 6, 12, 18, 24, 30, 36, 42]);
  });

  it('give as many pictures as the work does, of any channels, and tell how far they are', async () => {
    const colour = noisePicture(20, 30, 3);
    const told: string[] = [];
    const onProgress = (done: number, total: number) => void told.push(`${done} of ${total}`);
    const [same, first] = await mapHaloTiles(colour, { core: 10, halo: 1, onProgress }, async (tile) => [
      tile,
      image(
        tile.data.filter((_, index) => index % 3 === 0),
        { height: tile.height, width: tile.width },
      ),
    ]);
    expect(same).toEqual(colour);
    expect(first!.data[(601 / 3) | 0]).toBe(colour.data[600]);
    expect(told).toEqual(['1 of 6', '2 of 6', '3 of 6', '4 of 6', '5 of 6', '6 of 6']);
  });

  it('are one where they would be as large as the picture', async () => {
    let calls = 0;
    const [same] = await mapHaloTiles(picture, { halo: 0 }, (tile) => {
      calls += 1;
      return [tile];
    });
    expect([same, calls]).toEqual([picture, 1]);
  });

  it('stop where they are told to', async () => {
    const abort = new AbortController();
    const work = (tile: Image) => {
      abort.abort();
      return [tile];
    };
    const options = { core: 8, halo: 1, signal: abort.signal };
    await expect(mapHaloTiles(picture, options, work)).rejects.toThrow(/aborted/);
  });

  it('refuse halos that are none, and work that gives other sizes or nothing', async () => {
    const same = (tile: Image) => [tile];
    await expect(mapHaloTiles(picture, { halo: -1 }, same)).rejects.toThrow(/halo: .*≥ 0, got -1/);
    await expect(mapHaloTiles(picture, { halo: 1, align: 0 }, same)).rejects.toThrow(/align/);
    await expect(mapHaloTiles(picture, { halo: 1, core: 0.5 }, same)).rejects.toThrow(/core/);
    const misspelt = { halo: 1, stride: 2 } as { halo: number };
    await expect(mapHaloTiles(picture, misspelt, same)).rejects.toThrow(/"stride"/);
    await expect(mapHaloTiles(picture, { halo: 1 }, () => [])).rejects.toThrow(
      /work: expected to give a list/,
    );
    const small = () => [noisePicture(3, 3)];
    await expect(mapHaloTiles(picture, { halo: 1, core: 8 }, small)).rejects.toThrow(
      /result 0.*\[10, 10, 1\].*\[3, 3, 1\]/,
    );
    let calls = 0;
    const changing = (tile: Image) => (++calls === 1 ? [tile] : [tile, tile]);
    await expect(mapHaloTiles(picture, { halo: 1, core: 8 }, changing)).rejects.toThrow(
      /1, as it gave before/,
    );
  });
});

describe('the receptive radius', () => {
  it('is how far a pixel reaches, and no farther', () => {
    for (const shape of [
      { layers: 1, atom: 4, stride: 2 },
      { layers: 3, atom: 4, stride: 2 },
      { layers: 2, atom: 5, stride: 3 },
      { layers: 2, atom: 3, stride: 1 },
      { layers: 4, atom: 3, stride: 3 },
    ]) {
      const radius = receptiveRadius(shape);
      const network = { ...shape, shifts: 'all' } as const;
      const { atom } = shape;
      // Linear: what one pixel changes is the result of that pixel alone. Far from the borders, where nothing is reflected.
      const [width, middle] = [4 * radius + 9, 2 * radius + 4];
      const dot = image(
        Float32Array.from({ length: (atom + 2) * width }, (_, pixel) => (pixel === width + middle ? 1 : 0)),
        { height: atom + 2, width },
      );
      const { data } = stridedNetwork(network, dot);
      const reached = Array.from(data.keys()).filter((pixel) => data[pixel] !== 0);
      expect(Math.max(...reached.map((pixel) => Math.abs((pixel % width) - middle)))).toBe(radius);
    }
  });

  it('is that of the papers’ networks', () => {
    // K − 1 = 10, and fourteen layers that reach one place of the grid farther.
    expect(receptiveRadius({ layers: 15, atom: 11, stride: 7 })).toBe(10 + 14 * 7);
    expect(receptiveRadius({ layers: 1, atom: 1 })).toBe(0);
    expect(() => receptiveRadius({ layers: 0, atom: 3 })).toThrow(/layers/);
    expect(() => receptiveRadius({ layers: 1, atom: 3, stride: 0 })).toThrow(/stride/);
  });
});
