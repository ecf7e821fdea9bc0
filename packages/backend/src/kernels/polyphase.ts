import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Convolution1d } from './convolution-shapes.ts';

// A convolution with few channels leaves a SIMD kernel idle. Folding P positions of time into channels makes it one with
// P times as many: a block of P·stride samples of the signal and of P positions of the code each become one pixel, and the
// filters become J = ⌈(K + (P − 1)·stride) / (P·stride)⌉ taps of a matrix [P·stride·channels, P·atoms] each:
//
//     folded[j][u, i][p, c] = filters[j·P·stride + u − p·stride, i, c]      (zero outside the filter)
//
// so that code[P·q + p, c] = Σ_{j,u,i} signal[(q + j)·P·stride + u, i] · folded[j][u, i][p, c]: a plain, dense, stride-1
// convolution, for any stride. It multiplies J·P·stride / K as much; `foldingFactor` weighs that against the speed.

/** P = 1 would be the plain form. */
export function foldingFactor({ length, channels, atoms, stride }: Convolution1d): number {
  void channels;
  void atoms;
  void length;
  return Math.max(1, Math.round(8 / stride));
}

/** The number J of taps of the folded filters. */
const tapsOf = ({ length, stride }: Convolution1d, fold: number): number =>
  Math.ceil((length + (fold - 1) * stride) / (fold * stride));

/** The folded filters `[taps · P · stride, channels, P, atoms]`. */
function foldFilters(filters: Tensor, sizes: Convolution1d, fold: number): Tensor {
  const { length, channels, atoms, stride } = sizes;
  const rows = tapsOf(sizes, fold) * fold * stride;
  // Row p is the filter, shifted by p·stride. One long vector of filters with a period of rows + stride, cut into pieces of
  // `rows`, is just that: P ops less than as many paddings. (P − 1)·stride + K ≤ rows, so that nothing wraps around.
  const period = tf.pad(filters, [
    [0, rows + stride - length],
    [0, 0],
    [0, 0],
  ]);
  const repeated = tf.slice(tf.tile(period, [fold, 1, 1]), [0, 0, 0], [fold * rows, channels, atoms]);
  return tf.transpose(tf.reshape(repeated, [fold, rows, channels, atoms]), [1, 2, 0, 3]);
}

/** Pads the time axis with zeros at its end, or crops it. */
function fitTime(tensor: Tensor, size: number): Tensor {
  const [batch, time, channels] = tensor.shape as [number, number, number];
  if (size === time) return tensor;
  if (size < time) return tf.slice(tensor, [0, 0, 0], [batch, size, channels]);
  return tf.pad(tensor, [
    [0, 0],
    [0, size - time],
    [0, 0],
  ]);
}

/** The analysis in polyphase form. */
export function polyphaseAnalysis(y: Tensor, filters: Tensor, sizes: Convolution1d): Tensor {
  const { batch, positions, channels, atoms, stride } = sizes;
  const fold = foldingFactor(sizes);
  const taps = tapsOf(sizes, fold);
  const block = fold * stride;
  const blocks = Math.ceil(positions / fold);
  const image = tf.reshape(fitTime(y, (blocks + taps - 1) * block), [batch, 1, -1, block * channels]);
  const kernel = tf.reshape(foldFilters(filters, sizes, fold), [1, taps, block * channels, fold * atoms]);
  const code = tf.conv2d(image as Tensor4D, kernel as Tensor4D, 1, 'valid');
  return fitTime(tf.reshape(code, [batch, blocks * fold, atoms]), positions);
}

/** The synthesis in polyphase form: the folded filters of the analysis, transposed and reversed. */
export function polyphaseSynthesis(x: Tensor, filters: Tensor, sizes: Convolution1d): Tensor {
  const { batch, time, positions, channels, atoms, stride } = sizes;
  const fold = foldingFactor(sizes);
  const taps = tapsOf(sizes, fold);
  const block = fold * stride;
  const blocks = Math.ceil(time / block);
  // `taps − 1` blocks of zeros in front, and as many behind as the last output block looks at.
  const front = (taps - 1) * fold;
  const padded = tf.pad(x, [
    [0, 0],
    [front, blocks * fold - positions],
    [0, 0],
  ]);
  const image = tf.reshape(padded, [batch, 1, blocks + taps - 1, fold * atoms]);
  const folded = tf.reshape(foldFilters(filters, sizes, fold), [taps, block * channels, fold * atoms]);
  const kernel = tf.reshape(tf.transpose(tf.reverse(folded, 0), [0, 2, 1]), [
    1,
    taps,
    fold * atoms,
    block * channels,
  ]);
  const signal = tf.conv2d(image as Tensor4D, kernel as Tensor4D, 1, 'valid');
  return fitTime(tf.reshape(signal, [batch, blocks * block, channels]), time);
}
