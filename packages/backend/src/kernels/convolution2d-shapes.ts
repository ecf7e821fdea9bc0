import type { Tensor } from '@tensorflow/tfjs-core';
import { refuse, requireInteger } from '@unrolled/contracts';
import { mismatch, positionsOf, requireFilled } from './convolution-shapes.ts';

/** Pixels from one position of a code to the next: down and to the right, or one number for both. */
export type Stride2d = number | readonly [down: number, right: number];

/** The sizes of a strided 2-D convolution, spelled out once. Pairs are rows, then columns. */
export interface Convolution2d {
  readonly batch: number;
  /** Pixels of the image, `[H, W]`. */
  readonly image: Pair;
  /** Positions of the code, `[P, Q]`. */
  readonly positions: Pair;
  /** Pixels of a filter, `[h, w]`. */
  readonly filter: Pair;
  readonly channels: number;
  readonly atoms: number;
  readonly stride: Pair;
}

/** Rows and columns. */
export type Pair = readonly [rows: number, columns: number];

type Shape4 = readonly [number, number, number, number];

const images = '[batch, height, width, channels]';
const codes = '[batch, rows, columns, atoms]';
const layout = '[height, width, channels, atoms]';

/**
 * The stride down and to the right.
 *
 * @throws UnrolledError INVALID_ARGUMENT for what is not one or two whole numbers ≥ 1
 * @example
 * stridePair(2); // [2, 2]
 */
export function stridePair(stride: Stride2d): Pair {
  if (typeof stride === 'number') return [requireInteger('stride', stride), stride];
  if (!Array.isArray(stride) || stride.length !== 2) refuse('stride', stride, 'a number, or [down, right]');
  return [requireInteger('stride[0]', stride[0]), requireInteger('stride[1]', stride[1])];
}

/** The sizes of the analysis of `y` by `filters`. */
export function analysisSizes2d(y: Tensor, filters: Tensor, stride: Stride2d): Convolution2d {
  requireFilled('y', y, images);
  const bank = filterSizes(filters, stride);
  const [batch, height, width, given] = y.shape as unknown as Shape4;
  const { channels, filter } = bank;
  if (given !== channels)
    throw mismatch('y', y, `${channels} channels as the filters [${filters.shape}] have`);
  if (height < filter[0] || width < filter[1])
    throw mismatch('y', y, `at least the ${filter.join(' × ')} pixels of a filter`);
  const image = [height, width] as const;
  return { batch, image, positions: byAxis(image, filter, bank.stride, positionsOf), ...bank };
}

/** The sizes of the synthesis of the code `x` with `filters`. */
export function synthesisSizes2d(x: Tensor, filters: Tensor, stride: Stride2d): Convolution2d {
  requireFilled('x', x, codes);
  const bank = filterSizes(filters, stride);
  const [batch, rows, columns, given] = x.shape as unknown as Shape4;
  if (given !== bank.atoms)
    throw mismatch('x', x, `${bank.atoms} atoms as the filters [${filters.shape}] have`);
  const positions = [rows, columns] as const;
  return { batch, image: byAxis(positions, bank.filter, bank.stride, reach), positions, ...bank };
}

/** The sizes of the filter gradient of images `y` and codes `x`: the filters are as large as the two allow. */
export function filterGradientSizes2d(y: Tensor, x: Tensor, stride: Stride2d, given?: Pair): Convolution2d {
  requireFilled('y', y, images);
  requireFilled('x', x, codes);
  const step = stridePair(stride);
  const [batch, height, width, channels] = y.shape as unknown as Shape4;
  const [others, rows, columns, atoms] = x.shape as unknown as Shape4;
  if (batch !== others) throw mismatch('x', x, `the ${batch} examples of y`);
  const [image, positions] = [[height, width] as const, [rows, columns] as const];
  const largest = byAxis(image, positions, step, (pixels, count, by) => pixels - (count - 1) * by);
  if (given !== undefined && (!Array.isArray(given) || given.length !== 2))
    refuse('size', given, '[height, width] of the filters');
  const filter = given ?? largest;
  if (given) for (const axis of [0, 1] as const) requireInteger(`size[${axis}]`, given[axis]);
  if (filter[0] > largest[0] || filter[1] > largest[1] || largest[0] < 1 || largest[1] < 1) {
    const most = byAxis(image, given ?? [1, 1], step, positionsOf).map((count) => Math.max(count, 0));
    throw mismatch('x', x, `at most ${most.join(' × ')} positions, which fit into the image [${y.shape}]`);
  }
  return { batch, image, positions, filter, channels, atoms, stride: step };
}

function filterSizes(filters: Tensor, stride: Stride2d) {
  requireFilled('filters', filters, layout);
  const [height, width, channels, atoms] = filters.shape as unknown as Shape4;
  return { filter: [height, width] as const, channels, atoms, stride: stridePair(stride) };
}

/** The pixels that so many positions reach. */
const reach = (positions: number, length: number, stride: number): number =>
  (positions - 1) * stride + length;

const byAxis = (a: Pair, b: Pair, c: Pair, f: (a: number, b: number, c: number) => number): Pair => [
  f(a[0], b[0], c[0]),
  f(a[1], b[1], c[1]),
];
