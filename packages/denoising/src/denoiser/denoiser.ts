import type { Network } from '@unrolled/contracts';
import { refuse, requireKnownOptions, UnrolledError } from '@unrolled/contracts';
import { type Noise, requireNoise } from '../noise/noise.ts';

/** A network of images, with what it takes to use it on a picture. */
export interface Denoiser {
  /** One whose operator is a convolution of images. Whoever has the denoiser disposes of it. */
  readonly network: Network;
  /** Is what it makes of a picture averaged over all shifts against the grid of its code? */
  readonly shiftAverage: boolean;
  /** The noise that it was trained under. */
  readonly noise: Noise;
}

/**
 * A denoiser: a network, the noise that it was trained under, and whether it is averaged over shifts.
 *
 * @param parts.network of images: its operator is a convolution with filters `[height, width, channels, atoms]`
 * @param parts.shiftAverage default true
 * @throws INVALID_ARGUMENT where the network's operator is no convolution of images; UNKNOWN_OPTION
 * @example
 * const denoiser = makeDenoiser({ network, noise: whiteNoise(25 / 255) });
 * const clean = await denoise(picture, denoiser);
 */
export function makeDenoiser(
  parts: Omit<Denoiser, 'shiftAverage'> & { readonly shiftAverage?: boolean },
): Denoiser {
  requireKnownOptions('makeDenoiser', parts, ['network', 'shiftAverage', 'noise']);
  const { network, shiftAverage = true, noise } = parts;
  requireNoise(noise);
  imageGridOf(network);
  return Object.freeze<Denoiser>({ network, shiftAverage, noise });
}

/** The filters of a network of images: their size in pixels, their channels and number, and how far apart they lie. */
export interface ImageGrid {
  readonly extent: readonly [height: number, width: number];
  readonly stride: readonly [down: number, right: number];
  readonly channels: number;
  readonly atoms: number;
}

/** How a network sees images; refuses one that does not. */
export function imageGridOf(network: Network): ImageGrid {
  if (typeof network?.problem !== 'function') refuse('network', network, 'an unrolled network');
  const { operator } = network.problem();
  const shape = operator.parameters['filters' as never] as { readonly shape: readonly number[] } | undefined;
  const { grid } = operator;
  if (grid?.extent.length !== 2 || shape?.shape.length !== 4) {
    throw new UnrolledError(
      'INVALID_ARGUMENT',
      `network: expected one whose operator is a convolution of images, got ${operator.name}`,
    );
  }
  const [height, width] = grid.extent as [number, number];
  const [down, right] = grid.stride as [number, number];
  const [, , channels, atoms] = shape.shape as [number, number, number, number];
  return { extent: [height, width], stride: [down, right], channels, atoms };
}
