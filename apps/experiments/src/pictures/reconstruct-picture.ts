import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Image, image } from '@unrolled/images';
import type { ShiftAveraged } from '@unrolled/unroll';

/** What a network makes of a whole grey picture, averaged over all shifts: the means of its likelihood, in the units of the picture. */
export function reconstructPicture({ network, reconstruct }: ShiftAveraged, picture: Image): Image {
  const { data, height, width } = picture;
  const { likelihood } = network.problem();
  const means = tf.tidy<Tensor>(() => likelihood.mean(reconstruct(tf.tensor4d(data, [1, height, width, 1]))));
  // Some backends lend a view of their memory.
  const values = Float32Array.from(means.dataSync());
  means.dispose();
  return image(values, { height, width });
}
