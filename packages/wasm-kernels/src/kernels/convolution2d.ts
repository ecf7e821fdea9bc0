import type { Tensor } from '@tensorflow/tfjs-core';
import type { Kernels } from '#kernels';
import { addressOf, emptyOnHeap, withScratch } from '../memory/heap.ts';
import { kernels } from '../module/kernels.ts';
import {
  analysisSizes2d,
  filterGradientSizes2d,
  type Pair,
  type Sizes2d,
  synthesisSizes2d,
} from './sizes2d.ts';

/**
 * x[b, p, q, c] = Σ_{k, l, i} y[b, p·s + k, q·s + l, i] · filters[k, l, i, c], the valid correlation with every filter. An
 * example gives the same bits alone and in any batch.
 *
 * Without strides, and where filters and images are large enough, by Winograd's minimal filtering: a third of the products,
 * and three times the rounding.
 *
 * @param y `[batch, height, width, channels]`
 * @param filters `[height, width, channels, atoms]`
 * @param stride s, down and to the right
 * @param way how; by default what is faster
 * @returns `[batch, rows, columns, atoms]`, a fresh tensor; undefined where this engine cannot run the kernels
 * @throws RangeError for shapes that do not fit
 */
export function analysis2d(
  y: Tensor,
  filters: Tensor,
  stride: Pair,
  way?: 'sums' | 'winograd',
): Tensor | undefined {
  const sizes = analysisSizes2d(y, filters, stride);
  const { batch, positions, filter, channels, atoms } = sizes;
  const shape = [batch, ...positions, atoms];
  const compiled = kernels();
  const winograd =
    way === undefined
      ? compiled?.prefersWinograd(...positions, ...filter, channels, atoms)
      : way === 'winograd';
  if (winograd && stride[0] === 1 && stride[1] === 1) {
    return run(
      [y, filters],
      shape,
      sizes,
      ({ winograd2dScratch }) => winograd2dScratch(...positions, ...filter, channels, atoms),
      'winograd2d',
    );
  }
  return run(
    [y, filters],
    shape,
    sizes,
    ({ analysis2dScratch }, taps) => analysis2dScratch(taps, atoms),
    'analysis2d',
  );
}

/**
 * y[b, p·s + k, q·s + l, i] = Σ_{p, q, c} x[b, p, q, c] · filters[k, l, i, c], the full convolution. A code of few entries that
 * are not 0 takes time for those alone. An example gives the same bits alone and in any batch.
 *
 * @param x `[batch, rows, columns, atoms]`
 * @param filters `[height, width, channels, atoms]`
 * @param stride s, down and to the right
 * @returns `[batch, (rows − 1)·s + height, (columns − 1)·s + width, channels]`, a fresh tensor; undefined where this engine
 *   cannot run the kernels
 * @throws RangeError for shapes that do not fit
 */
export function synthesis2d(x: Tensor, filters: Tensor, stride: Pair): Tensor | undefined {
  const sizes = synthesisSizes2d(x, filters, stride);
  const { batch, image, channels, atoms } = sizes;
  return run(
    [x, filters],
    [batch, ...image, channels],
    sizes,
    (compiled, taps) => compiled.synthesis2dScratch(taps, atoms),
    'synthesis2d',
  );
}

/**
 * g[k, l, i, c] = Σ_{b, p, q} y[b, p·s + k, q·s + l, i] · x[b, p, q, c]: the gradient of analysis and synthesis with respect to
 * the filters. A code of few entries that are not 0 takes time for those alone. Sums of float32 over some thousand terms, and
 * over those in float64.
 *
 * @param y `[batch, height, width, channels]`
 * @param x `[batch, rows, columns, atoms]`
 * @param stride s, down and to the right
 * @param filter pixels of a filter
 * @returns `[height, width, channels, atoms]`, a fresh tensor; undefined where this engine cannot run the kernels
 * @throws RangeError for shapes that do not fit
 */
export function filterGradient2d(y: Tensor, x: Tensor, stride: Pair, filter: Pair): Tensor | undefined {
  const sizes = filterGradientSizes2d(y, x, stride, filter);
  const { positions, channels, atoms } = sizes;
  return run(
    [y, x],
    [...filter, channels, atoms],
    sizes,
    (compiled, taps) => compiled.filterGradient2dScratch(...positions, taps, atoms),
    'filterGradient2d',
  );
}

/** All of them take the same sizes. */
function run(
  [first, second]: readonly [Tensor, Tensor],
  shape: readonly number[],
  { batch, image, positions, filter, channels, atoms, stride }: Sizes2d,
  scratchBytes: (compiled: Kernels, taps: number) => number,
  name: 'analysis2d' | 'winograd2d' | 'synthesis2d' | 'filterGradient2d',
): Tensor | undefined {
  const compiled = kernels();
  if (!compiled) return undefined;
  const out = emptyOnHeap(shape);
  withScratch(scratchBytes(compiled, filter[0] * filter[1] * channels), (scratch) => {
    compiled[name](
      addressOf(first),
      addressOf(second),
      addressOf(out),
      batch,
      ...image,
      ...positions,
      ...filter,
      channels,
      atoms,
      ...stride,
      scratch,
    );
  });
  return out;
}
