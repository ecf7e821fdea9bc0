import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { requireFinite, requireFloat, requireShape } from '@unrolled/contracts';
import * as compiled from '@unrolled/wasm-kernels';
import { defineKernel } from '../engine/define-kernel.ts';

const plain = (x: Tensor, previous: Tensor, beta: number): Tensor =>
  tf.add(x, tf.mul(beta, tf.sub(x, previous)));

const kernel = defineKernel<'x' | 'previous', { beta: number }>({
  name: 'UnrolledExtrapolate',
  forward: ({ x, previous }, { beta }) => plain(x, previous, beta),
  on: {
    wasm: ({ x, previous }, { beta }) => compiled.extrapolate(x, previous, beta) ?? plain(x, previous, beta),
  },
  gradients: {
    x: ({ dy, attributes: { beta } }) => tf.mul(dy, 1 + beta),
    previous: ({ dy, attributes: { beta } }) => tf.mul(dy, -beta),
  },
});

/**
 * Momentum: x + beta · (x − previous), in one pass over the memory. Its gradients are lazy and differentiable.
 *
 * @param previous of the shape of x
 * @param beta a finite number
 * @returns a fresh tensor
 * @throws UnrolledError INVALID_SHAPE, INVALID_DTYPE; NOT_FINITE or INVALID_ARGUMENT for `beta`
 *
 * @example
 * const z = extrapolate(x, previous, 0.5);
 */
export function extrapolate(x: Tensor, previous: Tensor, beta: number): Tensor {
  requireFloat('x', x);
  requireFloat('previous', previous);
  requireShape('previous', previous.shape, x.shape, 'a tensor of the shape of x');
  requireFinite('beta', beta);
  return kernel({ x, previous }, { beta });
}
