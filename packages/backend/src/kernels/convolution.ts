import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import * as compiled from '@unrolled/wasm-kernels';
import { defineKernel } from '../engine/define-kernel.ts';
import { analysisSizes, filterGradientSizes, synthesisSizes } from './convolution-shapes.ts';
import { plainAnalysis, plainFilterGradient, plainSynthesis } from './plain.ts';
import { foldedFilterGradient } from './wasm/filter-gradient.ts';
import { polyphaseAnalysis, polyphaseSynthesis } from './wasm/polyphase.ts';

// Three bilinear maps, and each is the derivative of the two others: analysis of a signal, synthesis of a code, and the
// correlation of the two that is the gradient of the filters. So all derivatives, second ones too, stay among them.
//
// On wasm they are compiled kernels, which skip the zeros of a code; where an engine cannot run those, ops of tfjs.

const analysis = defineKernel<'y' | 'filters', { stride: number }>({
  name: 'UnrolledAnalysis1d',
  forward: ({ y, filters }, { stride }) => plainAnalysis(y, filters, analysisSizes(y, filters, stride)),
  on: {
    wasm: ({ y, filters }, { stride }) =>
      compiled.analysis1d(y, filters, stride) ??
      polyphaseAnalysis(y, filters, analysisSizes(y, filters, stride)),
  },
  gradients: {
    y: ({ dy, inputs: { y, filters }, attributes: { stride } }) =>
      padTime(synthesis1d(dy, filters, stride), y.shape[1]!),
    filters: ({ dy, inputs: { y, filters }, attributes: { stride } }) =>
      filterGradient1d(y, dy, stride, filters.shape[0]!),
  },
});

const synthesis = defineKernel<'x' | 'filters', { stride: number }>({
  name: 'UnrolledSynthesis1d',
  forward: ({ x, filters }, { stride }) => plainSynthesis(x, filters, synthesisSizes(x, filters, stride)),
  on: {
    wasm: ({ x, filters }, { stride }) =>
      compiled.synthesis1d(x, filters, stride) ??
      polyphaseSynthesis(x, filters, synthesisSizes(x, filters, stride)),
  },
  gradients: {
    x: ({ dy, inputs: { filters }, attributes: { stride } }) => analysis1d(dy, filters, stride),
    filters: ({ dy, inputs: { x, filters }, attributes: { stride } }) =>
      filterGradient1d(dy, x, stride, filters.shape[0]!),
  },
});

const filterGradient = defineKernel<'y' | 'x', { stride: number; length: number }>({
  name: 'UnrolledFilterGradient1d',
  forward: ({ y, x }, { stride, length }) =>
    plainFilterGradient(y, x, filterGradientSizes(y, x, stride, length)),
  on: {
    wasm: ({ y, x }, { stride, length }) =>
      compiled.filterGradient1d(y, x, stride, length) ??
      foldedFilterGradient(y, x, filterGradientSizes(y, x, stride, length)),
  },
  gradients: {
    y: ({ dy, inputs: { y, x }, attributes: { stride } }) => padTime(synthesis1d(x, dy, stride), y.shape[1]!),
    x: ({ dy, inputs: { y, x }, attributes: { stride } }) =>
      tf.slice(analysis1d(y, dy, stride), [0, 0, 0], x.shape as [number, number, number]),
  },
});

/**
 * Analysis Aᵀ y of a convolutional dictionary, the valid cross-correlation with every filter:
 *
 *     x[b, m, c] = Σ_{k, i} y[b, m·stride + k, i] · filters[k, i, c],   m = 0 … ⌊(N − K) / stride⌋
 *
 * The exact adjoint of `synthesis1d` where stride divides N − K. Its gradients are lazy and differentiable. On wasm an
 * example's result does not depend on the batch that it is in, not by a bit.
 *
 * @param y signals `[batch, time, channels]`, time in samples
 * @param filters `[time, channels, atoms]`
 * @param stride samples from one position of the code to the next
 * @returns the code `[batch, positions, atoms]`, a fresh tensor
 * @throws UnrolledError INVALID_SHAPE where channels differ or the signal is shorter than a filter; INVALID_DTYPE;
 *   INVALID_ARGUMENT for a stride that is not a whole number ≥ 1
 *
 * @example
 * const x = analysis1d(tf.ones([1, 100, 1]), tf.ones([5, 1, 3])); // [1, 96, 3], all 5
 */
export function analysis1d(y: Tensor, filters: Tensor, stride = 1): Tensor {
  analysisSizes(y, filters, stride);
  return analysis({ y, filters }, { stride });
}

/**
 * Synthesis A x of a convolutional dictionary, the full convolution with every filter, summed:
 *
 *     y[b, n, i] = Σ_{m, c} x[b, m, c] · filters[n − m·stride, i, c],   n = 0 … (M − 1)·stride + K − 1
 *
 * @param x codes `[batch, positions, atoms]`
 * @param filters `[time, channels, atoms]`
 * @param stride samples from one position of the code to the next
 * @returns signals `[batch, (positions − 1)·stride + K, channels]`, a fresh tensor
 * @throws UnrolledError INVALID_SHAPE where the numbers of atoms differ; INVALID_DTYPE; INVALID_ARGUMENT
 *
 * @example
 * const y = synthesis1d(tf.ones([1, 96, 3]), tf.ones([5, 1, 3])); // [1, 100, 1]
 */
export function synthesis1d(x: Tensor, filters: Tensor, stride = 1): Tensor {
  synthesisSizes(x, filters, stride);
  return synthesis({ x, filters }, { stride });
}

/**
 * The correlation of a signal with a code at every lag, which is the gradient of ⟨analysis1d(y, h), x⟩ and of
 * ⟨synthesis1d(x, h), y⟩ with respect to the filters h:
 *
 *     g[k, i, c] = Σ_{b, m} y[b, m·stride + k, i] · x[b, m, c],   k = 0 … length − 1
 *
 * @param y signals `[batch, time, channels]`
 * @param x codes `[batch, positions, atoms]`
 * @param stride samples from one position of the code to the next
 * @param length lags, by default all that fit: time − (positions − 1)·stride
 * @returns `[length, channels, atoms]`, a fresh tensor
 * @throws UnrolledError INVALID_SHAPE where batches differ or the code does not fit into the signal; INVALID_DTYPE;
 *   INVALID_ARGUMENT
 *
 * @example
 * const dFilters = filterGradient1d(tf.ones([1, 100, 1]), tf.ones([1, 96, 3])); // [5, 1, 3], all 96
 */
export function filterGradient1d(y: Tensor, x: Tensor, stride = 1, length?: number): Tensor {
  const sizes = filterGradientSizes(y, x, stride, length);
  return filterGradient({ y, x }, { stride, length: sizes.length });
}

/** Samples behind the last one that a filter reaches have no part in the code: their gradient is zero. */
function padTime(signal: Tensor, time: number): Tensor {
  const behind = time - signal.shape[1]!;
  if (behind === 0) return signal;
  return tf.pad(signal, [
    [0, 0],
    [0, behind],
    [0, 0],
  ]);
}
