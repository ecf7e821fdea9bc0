import { requireInteger, requireKnownOptions } from '@unrolled/contracts';

/** What an unrolled convolutional network is made of, as far as its reach goes. */
export interface ReceptiveField {
  /** T, the number of layers. */
  readonly layers: number;
  /** K, the pixels that the longer side of an atom is long. */
  readonly atom: number;
  /** s, pixels from one place of an atom to the next. Default 1. */
  readonly stride?: number;
}

/**
 * How far from a pixel of the output the pixels lie that it depends on, for an unrolled convolutional network (ISTA or FISTA from
 * x₀ = 0, tied or not): the `halo` of {@link mapHaloTiles}.
 *
 *     radius = (K − 1) + (T − 1) · s · ⌊(K − 1) / s⌋
 *
 * A pixel is made of the atoms that cover it, which begin at most K − 1 before it; a code of the first layer reads the K pixels
 * under its atom; every further layer reads the residual there, to which the atoms belong that overlap it, and on a grid of
 * stride s those begin at most s ⌊(K − 1)/s⌋ pixels farther on. The bound is reached.
 *
 * @example receptiveRadius({ layers: 15, atom: 11, stride: 7 }) // 108
 */
export function receptiveRadius(network: ReceptiveField): number {
  requireKnownOptions('receptiveRadius', network, ['layers', 'atom', 'stride']);
  const layers = requireInteger('layers', network.layers);
  const atom = requireInteger('atom', network.atom);
  const stride = requireInteger('stride', network.stride ?? 1);
  return atom - 1 + (layers - 1) * stride * Math.floor((atom - 1) / stride);
}
