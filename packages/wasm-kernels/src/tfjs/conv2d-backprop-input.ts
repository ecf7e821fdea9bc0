import type { Conv2DBackpropInputAttrs, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { replaceKernel } from './replace-kernel.ts';

// The gradient of conv2d with respect to its input, and conv2dTranspose: a scalar loop on wasm, at 3 GFLOP/s. As a conv2d
// of the gradient, its pixels a stride apart and zeros between them, with the filter turned round, it reaches 30.
//
//     dx[b, h, w, i] = Σ_{k, l, o} dy↑[b, h + k − (K − 1 − top), w + l − (L − 1 − left), o] · filter[K − 1 − k, L − 1 − l, i, o]

replaceKernel(tf.Conv2DBackpropInput, 'wasm', (inputs, attributes) => {
  const dy = inputs['dy'] as Tensor4D;
  const filter = inputs['filter'] as Tensor4D;
  const { strides, pad, dimRoundingMode, inputShape } = attributes as Conv2DBackpropInputAttrs;
  const { padInfo, strideHeight, strideWidth, inHeight, inWidth, filterHeight, filterWidth } =
    tf.backend_util.computeConv2DInfo(inputShape, filter.shape, strides, 1, pad, dimRoundingMode);
  const fitted = fit(
    spread(dy, strideHeight, strideWidth),
    [filterHeight - 1 - padInfo.top, filterWidth - 1 - padInfo.left],
    [inHeight + filterHeight - 1, inWidth + filterWidth - 1],
  );
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  return tf.conv2d(fitted, turned, 1, 'valid');
});

/** Pads in front, and behind to a size; crops where a padding of the convolution was wider than its filter. */
function fit(image: Tensor4D, front: readonly [number, number], size: readonly [number, number]): Tensor4D {
  const [batch, height, width, channels] = image.shape;
  const [top, left] = front;
  const padded = tf.pad(image, [
    [0, 0],
    [Math.max(0, top), Math.max(0, size[0] - top - height)],
    [Math.max(0, left), Math.max(0, size[1] - left - width)],
    [0, 0],
  ]);
  return tf.slice(padded, [0, Math.max(0, -top), Math.max(0, -left), 0], [batch, ...size, channels]);
}

/** Puts `strideHeight − 1` rows and `strideWidth − 1` columns of zeros between the pixels. */
function spread(dy: Tensor4D, strideHeight: number, strideWidth: number): Tensor4D {
  if (strideHeight === 1 && strideWidth === 1) return dy;
  const [batch, height, width, channels] = dy.shape;
  const apart = tf.pad(tf.reshape(dy, [batch * height, 1, width, 1, channels]), [
    [0, 0],
    [0, strideHeight - 1],
    [0, 0],
    [0, strideWidth - 1],
    [0, 0],
  ]);
  return tf.slice(
    tf.reshape(apart, [batch, height * strideHeight, width * strideWidth, channels]) as Tensor4D,
    [0, 0, 0, 0],
    [batch, (height - 1) * strideHeight + 1, (width - 1) * strideWidth + 1, channels],
  );
}
