import type { BatchMatMulAttrs, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '../kernels/mat-mul.ts';
import { copyOnHeap } from '../memory/heap.ts';
import { replaceKernel } from './replace-kernel.ts';

// tfjs's wasm kernel is XNNPACK without flags and a scalar loop with one: 1.2 to 2.1 GFLOP/s against 21 to 26 for
// transposing first. The gradient of every matMul passes a flag, so that this speeds up the training of any tfjs model.
//
// A kernel of ours takes a large right factor that is transposed as it is: as fast for 500 rows, twice for 30, and nine times for one.
// Elsewhere XNNPACK is as good or better, by up to a fifth.

/** The tensor with its last two axes exchanged. */
const transposed = (tensor: Tensor): Tensor =>
  tf.transpose(tensor, [...tensor.shape.slice(0, -2).keys(), tensor.rank - 1, tensor.rank - 2]);

/** The shape in which the memory of a right factor was last multiplied. */
const shapes = new WeakMap<object, string>();

/**
 * The right factor, or a copy of it. The kernel packs a right factor once and finds it again by its memory alone: the same
 * memory in another shape (a reshape copies nothing) is multiplied as it was packed, which reads beyond its end.
 */
function inOneShape(b: Tensor): Tensor {
  const shape = b.shape.slice(-2).join('×');
  const owner = (shapes.get(b.dataId) ?? shape) === shape ? b : copyOnHeap(b);
  shapes.set(owner.dataId, shape);
  return owner;
}

/** Numbers of a transposed right factor from which on our own kernel takes it. */
const LARGE = 2 ** 16;

/**
 * The product by our own kernel, where that is faster. The rows of the left factor do not count: a row must have the same bits alone and
 * among others.
 */
function ownProduct(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor | undefined {
  const [height, width] = b.shape.slice(-2) as [number, number];
  if (!transposeB || height * width < LARGE) return undefined;
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const size = tf.util.sizeFromShape(outer);
  // A stack of several that is repeated along another axis is left to tfjs.
  const fits = [a, b].every((one) => {
    const count = tf.util.sizeFromShape(one.shape.slice(0, -2));
    return one.dtype === 'float32' && one.size > 0 && (count === 1 || count === size);
  });
  return fits ? matMul(a, b, outer, transposeA, transposeB) : undefined;
}

replaceKernel(tf.BatchMatMul, 'wasm', (inputs, attributes, original) => {
  const { transposeA, transposeB } = attributes as BatchMatMulAttrs;
  const own = ownProduct(inputs['a']!, inputs['b']!, transposeA, transposeB);
  if (own) return own;
  const a = transposeA ? transposed(inputs['a']!) : inputs['a']!;
  const b = transposeB ? transposed(inputs['b']!) : inputs['b']!;
  const product = original!.kernelFunc({
    inputs: { a, b: inOneShape(b) },
    attrs: { transposeA: false, transposeB: false },
    backend: tf.backend(),
  });
  return [product].flat()[0]!;
});
