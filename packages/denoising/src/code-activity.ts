import * as tf from '@tensorflow/tfjs-core';
import { requireKnownOptions } from '@unrolled/contracts';
import type { Image } from '@unrolled/images';
import { conv2d } from '@unrolled/operators';
import { type DenoiseOptions, frameFor } from './denoise.ts';
import { type Denoiser, imageGridOf } from './denoiser/denoiser.ts';
import { reconstruct, runNetwork } from './denoiser/run-network.ts';

/**
 * Where a denoiser finds something: of every pixel the part of the atoms over it that are active, the mean over all shifts.
 *
 *     activity(n) = mean over positions p whose atoms cover n of  #{c : x_T[p, c] ≠ 0} / C
 *
 * @param picture as of `denoise`
 * @param options as of `denoise`
 * @returns 0 … 1, of the size and channels of the picture
 * @throws as `denoise`
 * @example
 * const sheet = imageSheet([[{ picture: await codeActivity(noisy, denoiser), caption: 'active atoms' }]]);
 */
export async function codeActivity(
  picture: Image,
  denoiser: Denoiser,
  options: DenoiseOptions = {},
): Promise<Image> {
  requireKnownOptions('codeActivity', options, ['noise', 'tile', 'signal', 'onProgress']);
  const { noise = denoiser.noise, ...tiling } = options;
  const { network } = denoiser;
  const { extent, stride, channels } = imageGridOf(network);
  const box = tf.ones([...extent, channels, 1]);
  const covering = conv2d(box, { stride });
  const counting: Denoiser = {
    ...denoiser,
    // The pipeline of the picture itself, but decoded to numbers of active atoms.
    network: {
      ...network,
      decode: (codes) =>
        tf.tidy(() => {
          const active = tf.mean(tf.step(tf.abs(codes)), -1, true);
          return tf.div(covering.apply(active), tf.maximum(covering.apply(tf.onesLike(active)), 1));
        }),
    },
  };
  try {
    return await runNetwork(picture, denoiser, tiling, {
      toNetwork: frameFor(picture, denoiser, noise).toNetwork,
      makes: (tiles) => reconstruct(counting, tiles),
      fromNetwork: (values) => values,
    });
  } finally {
    box.dispose();
  }
}
