import type { Conv2DBackpropFilterAttrs, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { filterGradient2d } from '../kernels/convolution2d.ts';
import { replaceKernel } from './replace-kernel.ts';

// The gradient of conv2d with respect to its filter, which wasm lacks (tensorflow/tfjs 8474): 16 to 29 GFLOP/s by a kernel of ours,
// and more where the gradient of the result is mostly zeros, behind a ReLU.
//
//     dFilter[k, l, i, o] = Σ_{b, p, q} x[b, p·s + k, q·s + l, i] · dy[b, p, q, o]
//
// Without SIMD, or where a filter has few positions, it is a conv2d in which examples are channels and the gradient of the result
// is the filter: 6 to 19 GFLOP/s, where im2col and a product reach 1.4. The stride s is the dilation there. tfjs's gradient
// refuses dilations of its own before it comes here.

/** Positions of a filter below which the kernel spends its time on beginning and ending. */
const FEW = 8;

replaceKernel(tf.Conv2DBackpropFilter, 'wasm', (inputs, attributes) => {
  const x = inputs['x'] as Tensor4D;
  const dy = inputs['dy'] as Tensor4D;
  const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attributes as Conv2DBackpropFilterAttrs;
  if (dataFormat === 'NCHW')
    throw new Error('dataFormat: expected NHWC, the only one that wasm convolves, got NCHW');
  const { padInfo, strideHeight, strideWidth, outHeight, outWidth } = tf.backend_util.computeConv2DInfo(
    x.shape,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const [batch, height, width, channels] = x.shape;
  const [filterHeight, filterWidth] = filterShape;
  // Exactly the samples that the filter saw: padded in front, and padded or cropped behind.
  const seenHeight = (outHeight - 1) * strideHeight + filterHeight;
  const seenWidth = (outWidth - 1) * strideWidth + filterWidth;
  const padded = tf.pad(x, [
    [0, 0],
    [padInfo.top, Math.max(0, seenHeight - padInfo.top - height)],
    [padInfo.left, Math.max(0, seenWidth - padInfo.left - width)],
    [0, 0],
  ]);
  if (outHeight * outWidth >= FEW && dy.size > 0) {
    const gradient = filterGradient2d(padded, dy, [strideHeight, strideWidth], [filterHeight, filterWidth]);
    if (gradient) return gradient;
  }
  const seen = tf.slice(padded, [0, 0, 0, 0], [batch, seenHeight, seenWidth, channels]);
  const image = tf.transpose(seen, [3, 1, 2, 0]);
  const filter = tf.transpose(dy, [1, 2, 0, 3]);
  const gradient = tf.conv2d(image, filter, 1, 'valid', 'NHWC', [strideHeight, strideWidth]);
  return tf.transpose(gradient, [1, 2, 0, 3]);
});
