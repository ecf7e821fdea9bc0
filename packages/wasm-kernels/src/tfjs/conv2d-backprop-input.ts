import type { Conv2DBackpropInputAttrs, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { synthesis2d } from '../kernels/convolution2d.ts';
import { replaceKernel } from './replace-kernel.ts';

// The gradient of conv2d with respect to its input, and conv2dTranspose: a scalar loop on wasm, at 3 GFLOP/s. It is the full
// convolution, 25 GFLOP/s by a kernel of ours, and more where the gradient is mostly zeros, behind a ReLU; of which what the
// convolution's padding was is cropped.
//
//     dx[b, p·s + k − top, q·s + l − left, i] = Σ_{p, q, o} dy[b, p, q, o] · filter[k, l, i, o]

replaceKernel(tf.Conv2DBackpropInput, 'wasm', (inputs, attributes, original) => {
  const dy = inputs['dy'] as Tensor4D;
  const filter = inputs['filter'] as Tensor4D;
  const { strides, pad, dimRoundingMode, inputShape } = attributes as Conv2DBackpropInputAttrs;
  const { padInfo, strideHeight, strideWidth, inHeight, inWidth } = tf.backend_util.computeConv2DInfo(
    inputShape,
    filter.shape,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const full = dy.size > 0 ? synthesis2d(dy, filter, [strideHeight, strideWidth]) : undefined;
  if (full) return crop(full as Tensor4D, [padInfo.top, padInfo.left], [inHeight, inWidth]);
  return [original!.kernelFunc({ inputs, attrs: { ...attributes }, backend: tf.backend() })].flat()[0]!;
});

/** The part of an image from `begin` on, of a size: with zeros behind where it ends before. */
function crop(image: Tensor4D, begin: readonly [number, number], size: readonly [number, number]): Tensor4D {
  const [batch, height, width, channels] = image.shape;
  const padded = tf.pad(image, [
    [0, 0],
    [0, Math.max(0, begin[0] + size[0] - height)],
    [0, Math.max(0, begin[1] + size[1] - width)],
    [0, 0],
  ]);
  return tf.slice(padded, [0, ...begin, 0], [batch, ...size, channels]);
}
