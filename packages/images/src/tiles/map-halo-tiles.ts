import {
  refuse,
  requireInteger,
  requireKnownOptions,
  requireShape,
  throwIfAborted,
} from '@unrolled/contracts';
import { crop } from '../geometry/crop.ts';
import { type Image, image, requireImage } from '../image.ts';
import { type AxisTile, axisTiles } from './axis-tiles.ts';

/** Options of {@link mapHaloTiles}. */
export interface HaloTileOptions {
  /** Pixels that a tile is kept of, on both axes; rounded up to a multiple of `align`. Default 256. */
  readonly core?: number;
  /**
   * Pixels around the core that a tile is given for context, on both axes: as far as a pixel of the result depends on the
   * picture, or farther ({@link receptiveRadius} says for a network).
   */
  readonly halo: number;
  /**
   * Tiles begin at multiples of this, and their sizes differ from the picture's by multiples of it: the stride of a network (the
   * least common multiple of several). Default 1.
   */
  readonly align?: number;
  /** Aborting makes it throw ABORTED between two tiles. */
  readonly signal?: AbortSignal;
  /** Told after every tile: tiles that are done, and tiles in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Works on a picture of any size in the memory of a tile, with the result of working on all of it at once: of every tile, cut with
 * a halo of context, the core alone is kept, and the cores make up the picture.
 *
 * The results are equal where a pixel of the result depends on the picture no farther than the halo, and in the same way wherever
 * it lies. A tile at a border of the picture ends with the picture: what `work` does there (padding by reflection, say) it does
 * as with the whole picture. A network of stride s, whose places and padding depend on where a picture begins and on its size
 * modulo s, needs `align: s`; every tile then has its places on the network's grid, and sizes that are padded alike. All tiles
 * have one size, so the memory that one has used fits the next. A picture that is not larger than a tile is worked on at once.
 *
 * @param work gets a tile and gives pictures of its height and width, of any channels, at once or later
 * @returns as many pictures as `work` gives, of the size of the picture
 * @throws INVALID_SHAPE where `work` gives a picture of another size than the tile's; ABORTED
 * @example
 * const halo = receptiveRadius({ layers: 15, atom: 11, stride: 7 });
 * const [denoised] = await mapHaloTiles(picture, { halo, align: 7 }, async (tile) => [await denoise(tile)]);
 */
export async function mapHaloTiles(
  picture: Image,
  options: HaloTileOptions,
  work: (tile: Image) => readonly Image[] | Promise<readonly Image[]>,
): Promise<readonly Image[]> {
  requireKnownOptions('mapHaloTiles', options, ['core', 'halo', 'align', 'signal', 'onProgress']);
  const core = requireInteger('core', options.core ?? 256);
  const halo = requireInteger('halo', options.halo, 0);
  const align = requireInteger('align', options.align ?? 1);
  const { signal, onProgress } = options;
  const source = requireImage('picture', picture);
  const rows = axisTiles(source.height, core, halo, align);
  const columns = axisTiles(source.width, core, halo, align);
  const size = { height: rows.length, width: columns.length };
  const total = rows.tiles.length * columns.tiles.length;
  let results: readonly Image[] | undefined;
  let done = 0;
  for (const row of rows.tiles) {
    for (const column of columns.tiles) {
      throwIfAborted(signal);
      const given = await work(crop(source, { top: row.start, left: column.start, ...size }));
      if (!Array.isArray(given) || given.length === 0) refuse('work', given, 'to give a list of pictures');
      results ??= given.map(({ channels }: Image) => blank(source, channels));
      if (given.length !== results.length) {
        refuse('work', `${given.length} results`, `${results.length}, as it gave before`);
      }
      for (const [index, result] of results.entries()) {
        const tile = requireImage(`work: result ${index}`, given[index]!);
        requireShape(
          `work: result ${index}`,
          [tile.height, tile.width, tile.channels],
          [size.height, size.width, result.channels],
          'a picture of the size of the tile',
        );
        keepCore(result, tile, row, column);
      }
      done += 1;
      onProgress?.(done, total);
    }
  }
  return Object.freeze(results!);
}

function blank({ height, width }: Image, channels: number): Image {
  return image(new Float32Array(height * width * channels), { height, width, channels });
}

function keepCore(result: Image, tile: Image, row: AxisTile, column: AxisTile): void {
  const { channels } = result;
  for (let line = row.coreStart; line < row.coreStart + row.coreLength; line++) {
    const from = (line * tile.width + column.coreStart) * channels;
    const to = ((row.start + line) * result.width + column.start + column.coreStart) * channels;
    result.data.set(tile.data.subarray(from, from + column.coreLength * channels), to);
  }
}
