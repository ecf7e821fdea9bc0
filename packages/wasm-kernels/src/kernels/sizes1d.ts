import type { Tensor } from '@tensorflow/tfjs-core';
import { requireThat } from './require-that.ts';

/** What a 1-D convolution is made of, by the shapes of its tensors alone: kernels read and write where these say. */
export interface Sizes1d {
  readonly batch: number;
  /** Samples of a signal. */
  readonly time: number;
  /** Positions of a code. */
  readonly positions: number;
  /** Samples of a filter. */
  readonly length: number;
  readonly channels: number;
  readonly atoms: number;
  readonly stride: number;
}

/** Of the analysis of `y` `[batch, time, channels]` by `filters` `[length, channels, atoms]`. */
export function analysisSizes1d(y: Tensor, filters: Tensor, stride: number): Sizes1d {
  const [batch, time, channels] = shapeOf('y', y);
  const [length, given, atoms] = shapeOf('filters', filters);
  requireStride(stride);
  requireThat(given === channels, `filters: expected ${channels} channels as y has, got ${given}`);
  requireThat(time >= length, `y: expected at least the ${length} samples of a filter, got ${time}`);
  return {
    batch,
    time,
    positions: Math.floor((time - length) / stride) + 1,
    length,
    channels,
    atoms,
    stride,
  };
}

/** Of the synthesis of `x` `[batch, positions, atoms]` with `filters`. */
export function synthesisSizes1d(x: Tensor, filters: Tensor, stride: number): Sizes1d {
  const [batch, positions, atoms] = shapeOf('x', x);
  const [length, channels, given] = shapeOf('filters', filters);
  requireStride(stride);
  requireThat(given === atoms, `filters: expected ${atoms} atoms as x has, got ${given}`);
  return { batch, time: (positions - 1) * stride + length, positions, length, channels, atoms, stride };
}

/** Of the gradient of filters of `length` samples, from a signal `y` and a code `x`. */
export function filterGradientSizes1d(y: Tensor, x: Tensor, stride: number, length: number): Sizes1d {
  const [batch, time, channels] = shapeOf('y', y);
  const [given, positions, atoms] = shapeOf('x', x);
  requireStride(stride);
  requireThat(given === batch, `x: expected the ${batch} examples of y, got ${given}`);
  requireThat(
    Number.isInteger(length) && length >= 1 && (positions - 1) * stride + length <= time,
    `length: expected lags of ${positions} positions at stride ${stride} in ${time} samples, got ${length}`,
  );
  return { batch, time, positions, length, channels, atoms, stride };
}

function shapeOf(name: string, { shape, dtype, size }: Tensor): readonly [number, number, number] {
  requireThat(
    shape.length === 3 && dtype === 'float32' && size > 0,
    `${name}: expected a float32 tensor of three axes, none of them 0, got ${dtype} [${shape}]`,
  );
  return shape as [number, number, number];
}

const requireStride = (stride: number): void =>
  requireThat(Number.isInteger(stride) && stride >= 1, `stride: expected a whole number ≥ 1, got ${stride}`);
