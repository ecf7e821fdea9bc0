import { refuse, requireInteger, requireKnownOptions, throwIfAborted } from '@unrolled/contracts';
import { type Image, requireImage } from '../image.ts';
import { type PatchCanvas, patchCanvas } from './assemble-patches.ts';
import { type GridOptions, gridPlaces } from './grid-patches.ts';
import { cutPatches, type Patches, requirePatches } from './patches.ts';
import type { Window } from './windows.ts';

/** Options of {@link mapTiles}. */
export interface TileOptions extends Omit<GridOptions, 'edges'> {
  /** Where tiles overlap, a pixel is the mean of theirs, weighted by this window. Default `'hann'`: no seams. */
  readonly window?: Window;
  /** How many tiles are worked on at a time: memory is that of these, whatever the size of the picture. Default 256. */
  readonly batch?: number;
  /** Aborting makes it throw ABORTED between two batches. */
  readonly signal?: AbortSignal;
  /** Told after every batch: tiles that are done, and tiles in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Works on a picture of any size tile by tile, and puts together what comes back: one picture, or several (the components of a
 * mixture). Tiles that overlap are averaged.
 *
 * @param work gets some tiles and gives back as many, or a list of such: each member becomes a picture. The tiles that come back may
 *   have other channels, not other places
 * @returns as many pictures as `work` gives, of the size of the picture
 * @throws INVALID_SHAPE where the picture is smaller than a tile; ABORTED
 * @example
 * const [negative] = await mapTiles(picture, { height: 32, width: 32, stride: 16 }, (tiles) => [
 *   withValues(tiles, tiles.data.map((value) => 1 - value)),
 * ]);
 */
export async function mapTiles(
  picture: Image,
  options: TileOptions,
  work: (tiles: Patches) => readonly Patches[] | Promise<readonly Patches[]>,
): Promise<readonly Image[]> {
  requireKnownOptions('mapTiles', options, [
    'height',
    'width',
    'stride',
    'window',
    'batch',
    'signal',
    'onProgress',
  ]);
  const { window = 'hann', batch = 256, signal, onProgress, ...grid } = options;
  requireInteger('batch', batch);
  const source = requireImage('picture', picture);
  const { tops, lefts } = gridPlaces('mapTiles', source, grid);
  let canvases: readonly PatchCanvas[] | undefined;
  for (let start = 0; start < tops.length; start += batch) {
    throwIfAborted(signal);
    const end = Math.min(start + batch, tops.length);
    const results = await work(cutPatches(source, grid, tops.slice(start, end), lefts.slice(start, end)));
    if (!Array.isArray(results) || results.length === 0) refuse('work', results, 'to give a list of patches');
    canvases ??= results.map(({ channels }: Patches) => patchCanvas(source, channels, window));
    if (results.length !== canvases.length) {
      refuse('work', `${results.length} results`, `${canvases.length}, as it gave before`);
    }
    for (const [index, canvas] of canvases.entries()) {
      canvas.add(requirePatches(`work: result ${index}`, results[index]!));
    }
    onProgress?.(end, tops.length);
  }
  return Object.freeze(canvases!.map((canvas) => canvas.picture()));
}
