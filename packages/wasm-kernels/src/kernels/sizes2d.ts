import type { Tensor } from '@tensorflow/tfjs-core';
import { requireThat } from './require-that.ts';

/** Rows and columns. */
export type Pair = readonly [rows: number, columns: number];

/** What a 2-D convolution is made of, by the shapes of its tensors alone: kernels read and write where these say. */
export interface Sizes2d {
  readonly batch: number;
  /** Pixels of an image. */
  readonly image: Pair;
  /** Positions of a code. */
  readonly positions: Pair;
  /** Pixels of a filter. */
  readonly filter: Pair;
  readonly channels: number;
  readonly atoms: number;
  readonly stride: Pair;
}

/** Of the analysis of `y` `[batch, height, width, channels]` by `filters` `[height, width, channels, atoms]`. */
export function analysisSizes2d(y: Tensor, filters: Tensor, stride: Pair): Sizes2d {
  const [batch, height, width, channels] = shapeOf('y', y);
  const [filterHeight, filterWidth, given, atoms] = shapeOf('filters', filters);
  requirePair('stride', stride);
  requireThat(given === channels, `filters: expected ${channels} channels as y has, got ${given}`);
  requireThat(
    height >= filterHeight && width >= filterWidth,
    `y: expected at least the ${filterHeight} × ${filterWidth} pixels of a filter, got ${height} × ${width}`,
  );
  const positions = [
    Math.floor((height - filterHeight) / stride[0]) + 1,
    Math.floor((width - filterWidth) / stride[1]) + 1,
  ] as const;
  const filter = [filterHeight, filterWidth] as const;
  return { batch, image: [height, width], positions, filter, channels, atoms, stride };
}

/** Of the synthesis of `x` `[batch, rows, columns, atoms]` with `filters`. */
export function synthesisSizes2d(x: Tensor, filters: Tensor, stride: Pair): Sizes2d {
  const [batch, rows, columns, atoms] = shapeOf('x', x);
  const [filterHeight, filterWidth, channels, given] = shapeOf('filters', filters);
  requirePair('stride', stride);
  requireThat(given === atoms, `filters: expected ${atoms} atoms as x has, got ${given}`);
  const filter = [filterHeight, filterWidth] as const;
  const image = reach([rows, columns], filter, stride);
  return { batch, image, positions: [rows, columns], filter, channels, atoms, stride };
}

/** Of the gradient of filters of `filter` pixels, from images `y` and codes `x`. */
export function filterGradientSizes2d(y: Tensor, x: Tensor, stride: Pair, filter: Pair): Sizes2d {
  const [batch, height, width, channels] = shapeOf('y', y);
  const [given, rows, columns, atoms] = shapeOf('x', x);
  requirePair('stride', stride);
  requirePair('filter', filter);
  requireThat(given === batch, `x: expected the ${batch} examples of y, got ${given}`);
  const reached = reach([rows, columns], filter, stride);
  requireThat(
    reached[0] <= height && reached[1] <= width,
    `filter: expected lags of ${rows} × ${columns} positions in an image of ${height} × ${width}, got ${filter}`,
  );
  const [image, positions] = [[height, width] as const, [rows, columns] as const];
  return { batch, image, positions, filter, channels, atoms, stride };
}

/** The pixels that filters at so many positions reach. */
const reach = (positions: Pair, filter: Pair, stride: Pair): Pair => [
  (positions[0] - 1) * stride[0] + filter[0],
  (positions[1] - 1) * stride[1] + filter[1],
];

function shapeOf(name: string, { shape, dtype, size }: Tensor): readonly [number, number, number, number] {
  requireThat(
    shape.length === 4 && dtype === 'float32' && size > 0,
    `${name}: expected a float32 tensor of four axes, none of them 0, got ${dtype} [${shape}]`,
  );
  return shape as [number, number, number, number];
}

const requirePair = (name: string, pair: Pair): void =>
  requireThat(
    pair.length === 2 && pair.every((size) => Number.isInteger(size) && size >= 1),
    `${name}: expected two whole numbers ≥ 1, got ${pair}`,
  );
