import type { BatchMatMulAttrs, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { copyOnHeap } from '../memory/heap.ts';
import { replaceKernel } from './replace-kernel.ts';

// tfjs's wasm kernel is XNNPACK without flags and a scalar loop with one: 1.2 to 2.1 GFLOP/s against 21 to 26 for
// transposing first. The gradient of every matMul passes a flag, so that this speeds up the training of any tfjs model.

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

replaceKernel(tf.BatchMatMul, 'wasm', (inputs, attributes, original) => {
  const { transposeA, transposeB } = attributes as BatchMatMulAttrs;
  const a = transposeA ? transposed(inputs['a']!) : inputs['a']!;
  const b = transposeB ? transposed(inputs['b']!) : inputs['b']!;
  const product = original!.kernelFunc({
    inputs: { a, b: inOneShape(b) },
    attrs: { transposeA: false, transposeB: false },
    backend: tf.backend(),
  });
  return [product].flat()[0]!;
});
