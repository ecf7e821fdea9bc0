import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Named } from '@unrolled/contracts';
import * as kernels from '@unrolled/wasm-kernels';
import { defineKernel } from '../engine/define-kernel.ts';
import {
  analysisSizes2d,
  filterGradientSizes2d,
  type Pair,
  type Stride2d,
  synthesisSizes2d,
} from './convolution2d-shapes.ts';
import { plainAnalysis2d, plainFilterGradient2d, plainSynthesis2d } from './plain2d.ts';

// The three bilinear maps of convolution.ts on images: each is the derivative of the two others.

type Attributes = { readonly stride: Pair };

/** The maps as tfjs ops, for every backend that has no kernels of ours. */
const composed = {
  analysis: ({ y, filters }: Named<'y' | 'filters'>, { stride }: Attributes) =>
    plainAnalysis2d(y, filters, analysisSizes2d(y, filters, stride)),
  synthesis: ({ x, filters }: Named<'x' | 'filters'>, { stride }: Attributes) =>
    plainSynthesis2d(x, filters, synthesisSizes2d(x, filters, stride)),
  filterGradient: ({ y, x }: Named<'y' | 'x'>, { stride, size }: Attributes & { readonly size: Pair }) =>
    plainFilterGradient2d(y, x, filterGradientSizes2d(y, x, stride, size)),
};

const analysis = defineKernel<'y' | 'filters', Attributes>({
  name: 'UnrolledAnalysis2d',
  forward: composed.analysis,
  on: {
    wasm: (inputs, attributes) =>
      kernels.analysis2d(inputs.y, inputs.filters, attributes.stride) ??
      composed.analysis(inputs, attributes),
  },
  gradients: {
    y: ({ dy, inputs: { y, filters }, attributes: { stride } }) =>
      padBehind(synthesis2d(dy, filters, stride), y),
    filters: ({ dy, inputs: { y, filters }, attributes: { stride } }) =>
      filterGradient2d(y, dy, stride, sizeOf(filters)),
  },
});

const synthesis = defineKernel<'x' | 'filters', Attributes>({
  name: 'UnrolledSynthesis2d',
  forward: composed.synthesis,
  on: {
    wasm: (inputs, attributes) =>
      kernels.synthesis2d(inputs.x, inputs.filters, attributes.stride) ??
      composed.synthesis(inputs, attributes),
  },
  gradients: {
    x: ({ dy, inputs: { filters }, attributes: { stride } }) => analysis2d(dy, filters, stride),
    filters: ({ dy, inputs: { x, filters }, attributes: { stride } }) =>
      filterGradient2d(dy, x, stride, sizeOf(filters)),
  },
});

const filterGradient = defineKernel<'y' | 'x', Attributes & { readonly size: Pair }>({
  name: 'UnrolledFilterGradient2d',
  forward: composed.filterGradient,
  on: {
    wasm: (inputs, attributes) =>
      kernels.filterGradient2d(inputs.y, inputs.x, attributes.stride, attributes.size) ??
      composed.filterGradient(inputs, attributes),
  },
  gradients: {
    y: ({ dy, inputs: { y, x }, attributes: { stride } }) => padBehind(synthesis2d(x, dy, stride), y),
    x: ({ dy, inputs: { y, x }, attributes: { stride } }) =>
      tf.slice(analysis2d(y, dy, stride), [0, 0, 0, 0], x.shape as [number, number, number, number]),
  },
});

/**
 * Analysis Aᵀ y of a convolutional dictionary of images, the valid cross-correlation with every filter:
 *
 *     x[b, p, q, c] = Σ_{k, l, i} y[b, p·s + k, q·s + l, i] · filters[k, l, i, c],   p = 0 … ⌊(H − h) / s⌋, q likewise
 *
 * The exact adjoint of `synthesis2d` where the stride s divides H − h and W − w. Its gradients are lazy and differentiable.
 *
 * @param y images `[batch, height, width, channels]`, in pixels
 * @param filters `[height, width, channels, atoms]`
 * @param stride pixels from one position of the code to the next: one number, or `[down, right]`
 * @returns the code `[batch, rows, columns, atoms]`, a fresh tensor
 * @throws UnrolledError INVALID_SHAPE where channels differ or the image is smaller than a filter; INVALID_DTYPE;
 *   INVALID_ARGUMENT for a stride that is not of whole numbers ≥ 1
 *
 * @example
 * const x = analysis2d(tf.ones([1, 28, 28, 1]), tf.ones([5, 5, 1, 8])); // [1, 24, 24, 8], all 25
 */
export function analysis2d(y: Tensor, filters: Tensor, stride: Stride2d = 1): Tensor {
  const sizes = analysisSizes2d(y, filters, stride);
  return analysis({ y, filters }, { stride: sizes.stride });
}

/**
 * Synthesis A x of a convolutional dictionary of images, the full convolution with every filter, summed:
 *
 *     y[b, m, n, i] = Σ_{p, q, c} x[b, p, q, c] · filters[m − p·s, n − q·s, i, c],   m = 0 … (P − 1)·s + h − 1, n likewise
 *
 * @param x codes `[batch, rows, columns, atoms]`
 * @param filters `[height, width, channels, atoms]`
 * @param stride pixels from one position of the code to the next: one number, or `[down, right]`
 * @returns images `[batch, (rows − 1)·s + h, (columns − 1)·s + w, channels]`, a fresh tensor
 * @throws UnrolledError INVALID_SHAPE where the numbers of atoms differ; INVALID_DTYPE; INVALID_ARGUMENT
 *
 * @example
 * const y = synthesis2d(tf.ones([1, 24, 24, 8]), tf.ones([5, 5, 1, 8])); // [1, 28, 28, 1]
 */
export function synthesis2d(x: Tensor, filters: Tensor, stride: Stride2d = 1): Tensor {
  const sizes = synthesisSizes2d(x, filters, stride);
  return synthesis({ x, filters }, { stride: sizes.stride });
}

/**
 * The correlation of images with codes at every lag, which is the gradient of ⟨analysis2d(y, h), x⟩ and of
 * ⟨synthesis2d(x, h), y⟩ with respect to the filters h:
 *
 *     g[k, l, i, c] = Σ_{b, p, q} y[b, p·s + k, q·s + l, i] · x[b, p, q, c]
 *
 * @param y images `[batch, height, width, channels]`
 * @param x codes `[batch, rows, columns, atoms]`
 * @param stride pixels from one position of the code to the next: one number, or `[down, right]`
 * @param size `[height, width]` of the filters, by default all lags that fit: H − (P − 1)·s, W − (Q − 1)·s
 * @returns `[height, width, channels, atoms]`, a fresh tensor
 * @throws UnrolledError INVALID_SHAPE where batches differ or the code does not fit into the image; INVALID_DTYPE;
 *   INVALID_ARGUMENT
 *
 * @example
 * const dFilters = filterGradient2d(tf.ones([1, 28, 28, 1]), tf.ones([1, 24, 24, 8])); // [5, 5, 1, 8], all 576
 */
export function filterGradient2d(y: Tensor, x: Tensor, stride: Stride2d = 1, size?: Pair): Tensor {
  const sizes = filterGradientSizes2d(y, x, stride, size);
  return filterGradient({ y, x }, { stride: sizes.stride, size: sizes.filter });
}

const sizeOf = ({ shape }: Tensor): Pair => [shape[0]!, shape[1]!];

/** Pixels beyond the last ones that a filter reaches have no part in the code: their gradient is zero. */
function padBehind(image: Tensor, { shape }: Tensor): Tensor {
  const [below, right] = [shape[1]! - image.shape[1]!, shape[2]! - image.shape[2]!];
  if (below === 0 && right === 0) return image;
  return tf.pad(image, [
    [0, 0],
    [0, below],
    [0, right],
    [0, 0],
  ]);
}
