import type { Tensor, UnsortedSegmentSumAttrs } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { replaceKernel } from './replace-kernel.ts';

// Sums of the rows of x that belong together, which wasm lacks (tensorflow/tfjs 8082): the gradient of gather. `scatterND`
// adds up what goes to one place. As TensorFlow does it, a row with a segment that does not exist is left out: it goes to
// a row behind the last one, which is cut off.

replaceKernel(tf.UnsortedSegmentSum, 'wasm', (inputs, attributes) => {
  const x = inputs['x'] as Tensor;
  const segments = inputs['segmentIds'] as Tensor;
  const { numSegments } = attributes as UnsortedSegmentSumAttrs;
  const exists = tf.logicalAnd(tf.greaterEqual(segments, 0), tf.less(segments, numSegments));
  const rows = tf.where(exists, segments, tf.fill(segments.shape, numSegments, 'int32'));
  const [count = 0, ...inner] = x.shape;
  const sums = tf.scatterND(tf.reshape(rows, [count, 1]), tf.reshape(x, [count, -1]), [
    numSegments + 1,
    tf.util.sizeFromShape(inner),
  ]);
  return tf.reshape(tf.slice(sums, [0, 0], [numSegments, -1]), [numSegments, ...inner]);
});
