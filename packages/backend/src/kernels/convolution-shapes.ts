import type { Tensor } from '@tensorflow/tfjs-core';
import { requireFloat, requireInteger, requireRank, UnrolledError } from '@unrolled/contracts';

/** The sizes of a strided 1-D convolution, spelled out once. */
export interface Convolution1d {
  readonly batch: number;
  /** Samples of the signal, N. */
  readonly time: number;
  /** Positions of the code, M. */
  readonly positions: number;
  /** Samples of a filter, K. */
  readonly length: number;
  readonly channels: number;
  readonly atoms: number;
  readonly stride: number;
}

/** M = ⌊(N − K) / stride⌋ + 1: how many times a filter fits into a signal. */
export const positionsOf = (time: number, length: number, stride: number): number =>
  Math.floor((time - length) / stride) + 1;

/** The sizes of the analysis of `y` by `filters`. */
export function analysisSizes(y: Tensor, filters: Tensor, stride: number): Convolution1d {
  requireFilled('y', y, '[batch, time, channels]');
  const { length, channels, atoms } = filterSizes(filters, stride);
  const [batch, time, given] = y.shape as [number, number, number];
  if (given !== channels)
    throw mismatch('y', y, `${channels} channels as the filters [${filters.shape}] have`);
  if (time < length) throw mismatch('y', y, `at least the ${length} samples of a filter`);
  return { batch, time, positions: positionsOf(time, length, stride), length, channels, atoms, stride };
}

/** The sizes of the synthesis of the code `x` with `filters`. */
export function synthesisSizes(x: Tensor, filters: Tensor, stride: number): Convolution1d {
  requireFilled('x', x, '[batch, positions, atoms]');
  const { length, channels, atoms } = filterSizes(filters, stride);
  const [batch, positions, given] = x.shape as [number, number, number];
  if (given !== atoms) throw mismatch('x', x, `${atoms} atoms as the filters [${filters.shape}] have`);
  return { batch, time: (positions - 1) * stride + length, positions, length, channels, atoms, stride };
}

/** The sizes of the filter gradient of a signal `y` and a code `x`: the filters are as long as the two allow. */
export function filterGradientSizes(y: Tensor, x: Tensor, stride: number, given?: number): Convolution1d {
  requireFilled('y', y, '[batch, time, channels]');
  requireFilled('x', x, '[batch, positions, atoms]');
  requireInteger('stride', stride);
  const [batch, time, channels] = y.shape as [number, number, number];
  const [others, positions, atoms] = x.shape as [number, number, number];
  if (batch !== others) throw mismatch('x', x, `the ${batch} examples of y`);
  const longest = time - (positions - 1) * stride;
  const length = given ?? longest;
  if (length < 1 || length > longest) {
    throw mismatch(
      'x',
      x,
      `1 to ${positionsOf(time, given ?? 1, stride)} positions, which fit into the ${time} samples of y`,
    );
  }
  return { batch, time, positions, length, channels, atoms, stride };
}

function filterSizes(filters: Tensor, stride: number) {
  requireFilled('filters', filters, '[time, channels, atoms]');
  requireInteger('stride', stride);
  const [length, channels, atoms] = filters.shape as [number, number, number];
  return { length, channels, atoms };
}

/** A float32 tensor with as many axes as the layout names, none of them empty. */
export function requireFilled(name: string, tensor: Tensor, layout: string): void {
  requireRank(name, tensor, layout.split(',').length, layout);
  requireFloat(name, tensor);
  if (tensor.size === 0) throw mismatch(name, tensor, `${layout}, none of them 0`);
}

/** The error of a tensor whose shape does not go with the others. */
export const mismatch = (name: string, { shape }: Tensor, expected: string): UnrolledError =>
  new UnrolledError('INVALID_SHAPE', `${name}: expected ${expected}, got [${shape}]`);
