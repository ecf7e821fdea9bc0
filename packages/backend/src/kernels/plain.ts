import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Convolution1d } from './convolution-shapes.ts';

/** The analysis as one `conv2d` of height 1. */
export function plainAnalysis(y: Tensor, filters: Tensor, sizes: Convolution1d): Tensor {
  const { batch, time, positions, length, channels, atoms, stride } = sizes;
  const image = tf.reshape(y, [batch, 1, time, channels]) as Tensor4D;
  const kernel = tf.reshape(filters, [1, length, channels, atoms]) as Tensor4D;
  return tf.reshape(tf.conv2d(image, kernel, [1, stride], 'valid'), [batch, positions, atoms]);
}

/** The synthesis as one `conv2dTranspose` of height 1. */
export function plainSynthesis(x: Tensor, filters: Tensor, sizes: Convolution1d): Tensor {
  const { batch, time, positions, length, channels, atoms, stride } = sizes;
  const image = tf.reshape(x, [batch, 1, positions, atoms]) as Tensor4D;
  const kernel = tf.reshape(filters, [1, length, channels, atoms]) as Tensor4D;
  const signal = tf.conv2dTranspose(image, kernel, [batch, 1, time, channels], [1, stride], 'valid');
  return tf.reshape(signal, [batch, time, channels]);
}

/**
 * The filter gradient as one `conv2d` in which examples are channels and the code is the filter: channel by channel of the
 * signal, it is slid over all `length` lags. The stride of the analysis is the dilation here.
 */
export function plainFilterGradient(y: Tensor, x: Tensor, sizes: Convolution1d): Tensor {
  const { batch, positions, length, channels, atoms, stride } = sizes;
  const covered = (positions - 1) * stride + length;
  const used = tf.slice(y, [0, 0, 0], [batch, covered, channels]);
  const image = tf.reshape(tf.transpose(used, [2, 1, 0]), [channels, 1, covered, batch]) as Tensor4D;
  const kernel = tf.reshape(tf.transpose(x, [1, 0, 2]), [1, positions, batch, atoms]) as Tensor4D;
  const lags = tf.conv2d(image, kernel, 1, 'valid', 'NHWC', [1, stride]);
  return tf.transpose(tf.reshape(lags, [channels, length, atoms]), [1, 0, 2]);
}
