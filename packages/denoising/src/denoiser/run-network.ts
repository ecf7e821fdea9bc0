import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { refuse, requireInteger, UnrolledError } from '@unrolled/contracts';
import { type HaloTileOptions, type Image, image, mapHaloTiles, receptiveRadius } from '@unrolled/images';
import { pacer } from '@unrolled/solvers';
import { shiftAveraged } from '@unrolled/unroll';
import { type Denoiser, type ImageGrid, imageGridOf } from './denoiser.ts';

/** How a picture is worked on, piece by piece. */
export interface TilingOptions {
  /** Pixels of a side of the tiles that the result is put together from; memory grows with its square. Default 512. */
  readonly tile?: number;
  /** Aborting makes it throw ABORTED between two tiles. */
  readonly signal?: AbortSignal;
  /** Told after every tile: tiles that are done, and tiles in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What is done with a tile: numbers to the network's units, to tensors `[batch, height, width, channels]`, and back. */
export interface TileWork {
  toNetwork(values: Float32Array): Float32Array;
  /** A fresh tensor of the shape of the tiles. */
  makes(tiles: Tensor4D): Tensor;
  fromNetwork(values: Float32Array): Float32Array;
}

/**
 * Shows a picture to a network tile by tile, with the result of showing it all at once.
 *
 * Around every tile lies as much of the picture as a pixel of the result can depend on, (K − 1) + (T − 1) s ⌊(K − 1)/s⌋ pixels for
 * atoms of K pixels, stride s and T layers, so that nothing but the order of sums differs. The channels of a coloured picture are
 * shown to a network of one channel one by one.
 */
export async function runNetwork(
  picture: Image,
  { network }: Pick<Denoiser, 'network'>,
  options: TilingOptions,
  { toNetwork, makes, fromNetwork }: TileWork,
): Promise<Image> {
  const grid = imageGridOf(network);
  requireRoom(picture, grid);
  const bands = bandsOf(picture, grid);
  const each = picture.channels / bands;
  const breathe = pacer();
  const [result] = await mapHaloTiles(picture, tilingOf(options, grid, network.layers), async (tile) => {
    await breathe();
    const { height, width, channels } = tile;
    const made: Tensor = tf.tidy(() => {
      const pixels = tf.tensor4d(toNetwork(tile.data), [height, width, bands, each]);
      const batch: Tensor4D = tf.transpose(pixels, [2, 0, 1, 3]);
      // One after another: codes of three channels need three times the memory.
      const separate = Array.from({ length: bands }, (_, band) =>
        makes(tf.slice(batch, [band, 0, 0, 0], [1, height, width, each])),
      );
      return tf.transpose(tf.concat(separate), [1, 2, 0, 3]);
    });
    try {
      // Some backends lend a view of their memory.
      const values = Float32Array.from(await made.data());
      return [image(fromNetwork(values), { height, width, channels })];
    } finally {
      made.dispose();
    }
  });
  return result!;
}

/** What a denoiser makes of images of any size: natural parameters of their shape, a fresh tensor. */
export function reconstruct({ network, shiftAverage }: Denoiser, y: Tensor): Tensor {
  const [down, right] = imageGridOf(network).stride;
  // Without a stride codes fit every picture that an atom fits in: nothing is padded.
  if (down * right === 1) return tf.tidy(() => network.decode(network.encode(y)));
  return shiftAveraged(network).reconstruct(y, shiftAverage ? {} : { shifts: [[0, 0]] });
}

function tilingOf(options: TilingOptions, { extent, stride }: ImageGrid, layers: number): HaloTileOptions {
  const { tile = 512, ...telling } = options;
  const reach = [0, 1].map((axis) => receptiveRadius({ layers, atom: extent[axis]!, stride: stride[axis]! }));
  const [down, right] = stride;
  return {
    ...telling,
    core: requireInteger('tile', tile),
    halo: Math.max(...reach),
    align: down === right ? down : down * right,
  };
}

/** How many pictures of the network's channels a picture is: one, or one a channel. */
function bandsOf({ channels }: Image, grid: ImageGrid): number {
  if (grid.channels === channels) return 1;
  if (grid.channels === 1) return channels;
  return refuse('picture', `${channels} channels`, `${grid.channels}, as the network's filters have`);
}

function requireRoom({ height, width }: Image, { extent }: ImageGrid): void {
  if (height >= extent[0] && width >= extent[1]) return;
  throw new UnrolledError(
    'INVALID_SHAPE',
    `picture: expected at least ${extent[0]} × ${extent[1]} pixels, an atom of the network, got ${height} × ${width}`,
  );
}
