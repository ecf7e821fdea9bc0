import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '@unrolled/contracts';
import type { Image } from '@unrolled/images';

/** What a page shows of a trained network of pictures, as plain data. */
export interface LearnedAtoms {
  /** The share of the code that is not zero, on one picture. */
  readonly density: number;
  /** The decoder's atoms `[height, width, 1, atoms]`. */
  readonly filters: { readonly data: readonly number[]; readonly shape: readonly number[] };
  /** Σ|x| of every atom on that picture. */
  readonly use: readonly number[];
}

/**
 * The atoms of a convolutional network, and how a noisy picture uses them: without shifts, as much of it as codes fit in.
 *
 * @param network one whose operator is a convolution of grey images
 */
export async function learnedAtoms(network: Network, noisy: Image): Promise<LearnedAtoms> {
  const filters = network.variables['decoder.filters'] ?? network.variables['operator.filters']!;
  const { grid } = network.problem().operator;
  const fitting = (length: number, axis: number): number =>
    length - ((length - grid!.extent[axis]!) % grid!.stride[axis]!);
  const sizes = [noisy.height, noisy.width].map(fitting) as [number, number];
  const [share, use] = tf.tidy(() => {
    const y = tf.tensor4d(noisy.data, [1, noisy.height, noisy.width, 1]);
    const magnitudes = tf.abs(network.encode(tf.slice(y, [0, 0, 0, 0], [1, ...sizes, 1])));
    return [tf.mean(tf.step(magnitudes)), tf.sum(magnitudes, [0, 1, 2])];
  }) as [tf.Tensor, tf.Tensor];
  try {
    return {
      density: (await share.data())[0]!,
      filters: { data: Array.from(await filters.data(), round), shape: filters.shape },
      use: Array.from(await use.data(), round),
    };
  } finally {
    tf.dispose([share, use]);
  }
}

/** To five digits, as results are kept. */
export const round = (value: number): number => Number(value.toPrecision(5));
