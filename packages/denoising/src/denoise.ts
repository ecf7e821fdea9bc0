import { refuse, requireKnownOptions } from '@unrolled/contracts';
import type { Image } from '@unrolled/images';
import type { Denoiser } from './denoiser/denoiser.ts';
import { reconstruct, runNetwork, type TilingOptions } from './denoiser/run-network.ts';
import { type Frame, type Noise, requireNoise } from './noise/noise.ts';

/** Options of {@link denoise}. */
export interface DenoiseOptions extends TilingOptions {
  /** The noise that the picture has, of the family that the denoiser was trained under. Default: what it was trained under. */
  readonly noise?: Noise;
}

/**
 * A picture without its noise, of any size, in the memory of a tile.
 *
 *     x̂ = mean(η̄(y)),   η̄ the mean over all shifts of what the network makes of the picture y
 *
 * White noise of another deviation than the network's is served by scaling ({@link whiteNoise}); counts are shown as they are. A
 * coloured picture goes channel by channel. The result does not depend on the tiles but for rounding.
 *
 * @param picture what was recorded: under white noise a picture, under shot noise counts. No opacity: `splitOpacity` keeps it apart
 * @param denoiser of `makeDenoiser` or `loadDenoiser`; lent
 * @returns an estimate of the signal, in the units of the picture: under shot noise the mean counts. Not clipped
 * @throws INVALID_SHAPE for a picture smaller than an atom; INVALID_ARGUMENT for noise of another family, for counts that are negative or
 *   not whole, and for channels that the network does not have; ABORTED; UNKNOWN_OPTION
 * @example
 * const clean = await denoise(noisy, denoiser, { noise: whiteNoise(40 / 255) });
 */
export async function denoise(
  picture: Image,
  denoiser: Denoiser,
  options: DenoiseOptions = {},
): Promise<Image> {
  requireKnownOptions('denoise', options, ['noise', 'tile', 'signal', 'onProgress']);
  const { noise = denoiser.noise, ...tiling } = options;
  const { likelihood } = denoiser.network.problem();
  return runNetwork(picture, denoiser, tiling, {
    ...frameFor(picture, denoiser, noise),
    makes: (tiles) => likelihood.mean(reconstruct(denoiser, tiles)),
  });
}

/** How a picture with this noise is shown to a denoiser; refuses noise of another family. */
export function frameFor(picture: Image, { noise: trained }: Denoiser, noise: Noise): Frame {
  if (requireNoise(noise).family !== trained.family)
    refuse('noise', noise.name, `${trained.family} noise, as the network was trained under`);
  return trained.frame(picture, noise.level);
}
