import type { Tensor } from '@tensorflow/tfjs-core';
import { addressOf, emptyOnHeap, withScratch } from '../memory/heap.ts';
import { kernels } from '../module/kernels.ts';
import { analysisSizes1d, filterGradientSizes1d, synthesisSizes1d } from './sizes1d.ts';

/**
 * x[b, m, c] = Σ_{k, i} y[b, m·stride + k, i] · filters[k, i, c], the valid correlation with every filter.
 *
 * @param y `[batch, time, channels]`
 * @param filters `[length, channels, atoms]`
 * @returns `[batch, positions, atoms]`, a fresh tensor; undefined where this engine cannot run the kernels
 * @throws RangeError for shapes that do not fit
 */
export function analysis1d(y: Tensor, filters: Tensor, stride: number): Tensor | undefined {
  const { batch, time, positions, length, channels, atoms } = analysisSizes1d(y, filters, stride);
  const compiled = kernels();
  if (!compiled) return undefined;
  const out = emptyOnHeap([batch, positions, atoms]);
  withScratch(compiled.analysis1dScratch(length, channels, atoms, stride), (scratch) => {
    compiled.analysis1d(
      addressOf(y),
      addressOf(filters),
      addressOf(out),
      batch,
      time,
      positions,
      length,
      channels,
      atoms,
      stride,
      scratch,
    );
  });
  return out;
}

/**
 * y[b, m·stride + k, i] = Σ_{m, c} x[b, m, c] · filters[k, i, c], the full convolution. An example of few entries that are not 0
 * takes time for those alone, with the same bits.
 *
 * @param x `[batch, positions, atoms]`
 * @param filters `[length, channels, atoms]`
 * @returns `[batch, (positions − 1)·stride + length, channels]`, a fresh tensor; undefined where this engine cannot run the kernels
 * @throws RangeError for shapes that do not fit
 */
export function synthesis1d(x: Tensor, filters: Tensor, stride: number): Tensor | undefined {
  const { batch, time, positions, length, channels, atoms } = synthesisSizes1d(x, filters, stride);
  const compiled = kernels();
  if (!compiled) return undefined;
  const out = emptyOnHeap([batch, time, channels]);
  withScratch(compiled.synthesis1dScratch(length, channels, atoms, stride), (scratch) => {
    compiled.synthesis1d(
      addressOf(x),
      addressOf(filters),
      addressOf(out),
      batch,
      positions,
      length,
      channels,
      atoms,
      stride,
      scratch,
    );
  });
  return out;
}

/**
 * g[k, i, c] = Σ_{b, m} y[b, m·stride + k, i] · x[b, m, c]: the gradient of analysis and synthesis with respect to the filters. A code
 * of few entries that are not 0 takes time for those alone. Sums over more than some thousand positions are kept in float64.
 *
 * @param y `[batch, time, channels]`
 * @param x `[batch, positions, atoms]`
 * @param length samples of a filter
 * @returns `[length, channels, atoms]`, a fresh tensor; undefined where this engine cannot run the kernels
 * @throws RangeError for shapes that do not fit
 */
export function filterGradient1d(y: Tensor, x: Tensor, stride: number, length: number): Tensor | undefined {
  const { batch, time, positions, channels, atoms } = filterGradientSizes1d(y, x, stride, length);
  const compiled = kernels();
  if (!compiled) return undefined;
  const out = emptyOnHeap([length, channels, atoms]);
  withScratch(compiled.filterGradient1dScratch(length, channels, atoms, stride), (scratch) => {
    compiled.filterGradient1d(
      addressOf(y),
      addressOf(x),
      addressOf(out),
      batch,
      time,
      positions,
      length,
      channels,
      atoms,
      stride,
      scratch,
    );
  });
  return out;
}
