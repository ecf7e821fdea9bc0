import { requireInteger, requireKnownOptions, requireOneOf } from '@unrolled/contracts';
import { type Image, requireFitting, requireImage, requireSize, type Size } from '../image.ts';
import { cutPatches, type Patches } from './patches.ts';

/** Where patches are cut: their size, how far apart, and what becomes of the edges. */
export interface GridOptions extends Size {
  /** Pixels from one patch to the next, on both axes. Default: none overlaps, the height and the width of a patch. */
  readonly stride?: number;
  /**
   * Where the stride does not lead to the last row or column: `'cover'` (default) adds patches that end there, so that every
   * pixel is in a patch; `'drop'` leaves out what is left over.
   */
  readonly edges?: 'cover' | 'drop';
}

/**
 * The patches of a picture on a grid, row by row.
 *
 * @throws INVALID_SHAPE where the picture is smaller than a patch; INVALID_ARGUMENT for a stride longer than a patch where
 *   all is to be covered
 * @example gridPatches(picture, { height: 10, width: 10, edges: 'drop' }) // nine of a picture of 32 × 32 pixels
 */
export function gridPatches(picture: Image, options: GridOptions): Patches {
  const source = requireImage('picture', picture);
  const { tops, lefts } = gridPlaces('gridPatches', source, options);
  return cutPatches(source, options, tops, lefts);
}

/** Where the patches of a grid begin, row by row. */
export function gridPlaces(
  name: string,
  picture: Size,
  options: GridOptions,
): { readonly tops: Int32Array; readonly lefts: Int32Array } {
  requireKnownOptions(name, options, ['height', 'width', 'stride', 'edges']);
  const size = requireSize(name, options);
  const edges = requireOneOf('edges', options.edges ?? 'cover', ['cover', 'drop']);
  requireFitting('picture', size, picture);
  const startsOf = (axis: 'height' | 'width'): number[] => {
    const stride = requireInteger('stride', options.stride ?? size[axis]);
    if (edges === 'cover' && stride > size[axis]) {
      // A gap between patches: those pixels would be in none.
      requireOneOf('edges', edges, ['drop']);
    }
    const last = picture[axis] - size[axis];
    const starts = Array.from({ length: Math.floor(last / stride) + 1 }, (_, index) => index * stride);
    return edges === 'cover' && starts.at(-1)! < last ? [...starts, last] : starts;
  };
  const [rows, columns] = [startsOf('height'), startsOf('width')];
  return {
    tops: Int32Array.from(rows.flatMap((top) => columns.map(() => top))),
    lefts: Int32Array.from(rows.flatMap(() => columns)),
  };
}
