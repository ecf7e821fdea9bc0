import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Convolution2d } from './convolution2d-shapes.ts';

/** The analysis as one `conv2d`. */
export function plainAnalysis2d(y: Tensor, filters: Tensor, { stride }: Convolution2d): Tensor {
  return tf.conv2d(y as Tensor4D, filters as Tensor4D, [...stride], 'valid');
}

/** The synthesis as one `conv2dTranspose`. */
export function plainSynthesis2d(x: Tensor, filters: Tensor, sizes: Convolution2d): Tensor {
  const { batch, image, channels, stride } = sizes;
  const shape: [number, number, number, number] = [batch, ...image, channels];
  return tf.conv2dTranspose(x as Tensor4D, filters as Tensor4D, shape, [...stride], 'valid');
}

/**
 * The filter gradient as one `conv2d` in which examples are channels and the code is the filter: channel by channel of the
 * image, it is slid over all lags. The stride of the analysis is the dilation here.
 */
export function plainFilterGradient2d(y: Tensor, x: Tensor, sizes: Convolution2d): Tensor {
  const { batch, positions, filter, channels, stride } = sizes;
  const [rows, columns] = [0, 1].map((axis) => (positions[axis]! - 1) * stride[axis]! + filter[axis]!) as [
    number,
    number,
  ];
  const used = tf.slice(y, [0, 0, 0, 0], [batch, rows, columns, channels]);
  const image = tf.transpose(used, [3, 1, 2, 0]) as Tensor4D;
  const kernel = tf.transpose(x, [1, 2, 0, 3]) as Tensor4D;
  return tf.transpose(tf.conv2d(image, kernel, 1, 'valid', 'NHWC', [...stride]), [1, 2, 0, 3]);
}
