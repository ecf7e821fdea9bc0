import type { Tensor } from '@tensorflow/tfjs-core';
import { analysis2d, type Stride2d, stridePair, synthesis2d } from '@unrolled/backend';
import {
  type Operator,
  requireFloat,
  requireKnownOptions,
  requireRank,
  requireShape,
  UnrolledError,
} from '@unrolled/contracts';
import { requireBatch } from './internal/shapes.ts';
import { spectralBound } from './internal/spectral-bound.ts';

/** Options of {@link conv2d}. */
export interface Conv2dOptions {
  /** Pixels between the positions of a code, s ≥ 1: one number, or `[down, right]`. Default 1. */
  readonly stride?: Stride2d;
}

/**
 * A 2-D convolutional dictionary H of `filters` h `[height, width, channels, atoms]`: images `[batch, height H, width W,
 * channels]`, codes `[batch, rows P, columns Q, atoms]`, a template spanning all channels.
 *
 *     (H x)[m, n, ch]  = Σ_c Σ_{p, q} x[p, q, c] · h[m − s p, n − s q, ch, c]    the full convolution, H = (P − 1) s + h
 *     (Hᵀ y)[p, q, c]  = Σ_ch Σ_{k, l} y[s p + k, s q + l, ch] · h[k, l, ch, c]  the valid correlation
 *
 * The two are exact adjoints, edges included. An image whose height or width is not (P − 1)·s + h for a whole P is refused
 * (with stride 1 every one that a filter fits into does): its last pixels would be in no code's reach.
 *
 * `lipschitz` is the bound from the filters' spectra, sup_ω σ_max(Ĥ(ω))² over the frequencies of the plane, which the norm
 * approaches as the image grows: held from above in float64, and within 0.1 % of it (`internal/spectral-bound.ts`).
 *
 * @param filters float32 `[height, width, channels, atoms]`; lent, stays its maker's
 * @throws `INVALID_SHAPE`, `INVALID_DTYPE`, `INVALID_ARGUMENT` (stride), `UNKNOWN_OPTION`; `NOT_FINITE` by `lipschitz`
 *   where a filter has a NaN or infinity
 * @example
 * ```ts
 * const operator = conv2d(tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1])); // one filter of 2 × 2 pixels
 * const y = operator.apply(tf.ones([1, 1, 1, 1])); // the filter, [1, 2, 2, 1]
 * ```
 * @see Sreter & Giryes, *Learned convolutional sparse coding*, ICASSP 2018, (2) to (4)
 */
export function conv2d(filters: Tensor, options: Conv2dOptions = {}): Operator<'filters'> {
  requireKnownOptions('conv2d', options, ['stride']);
  const stride = stridePair(options.stride ?? 1);
  requireRank('filters', filters, 4, '[height, width, channels, atoms]');
  requireFloat('filters', filters);
  const [height, width, channels, atoms] = filters.shape as [number, number, number, number];
  if (filters.size === 0) {
    throw new UnrolledError('INVALID_SHAPE', `filters: expected no empty axis, got [${filters.shape}]`);
  }
  const grid = Object.freeze({ extent: Object.freeze([height, width]), stride: Object.freeze(stride) });

  const positions = (name: string, pixels: number, length: number, step: number): number => {
    if (pixels < length || (pixels - length) % step !== 0) {
      throw new UnrolledError(
        'INVALID_SHAPE',
        `signalShape: expected a ${name} of ${length} + ${step}·m pixels (filters of ${length}, stride ${step}), got ${pixels}`,
      );
    }
    return (pixels - length) / step + 1;
  };
  const codeShape = (signalShape: readonly number[]): number[] => {
    requireShape('signalShape', signalShape, [-1, -1, -1, channels], '[batch, height, width, channels]');
    const [batch, down, right] = signalShape as [number, number, number];
    return [
      batch,
      positions('height', down, height, stride[0]),
      positions('width', right, width, stride[1]),
      atoms,
    ];
  };

  return Object.freeze({
    name: 'conv2d',
    parameters: Object.freeze({ filters }),
    codeSize: atoms,
    grid,
    apply: (x: Tensor) =>
      synthesis2d(requireBatch('x', x, [-1, -1, atoms], '[batch, rows, columns, atoms]'), filters, stride),
    adjoint: (y: Tensor) => {
      codeShape(requireBatch('y', y, [-1, -1, channels], '[batch, height, width, channels]').shape);
      return analysis2d(y, filters, stride);
    },
    codeShape,
    lipschitz: async () =>
      spectralBound(await filters.data(), { filter: [height, width], channels, atoms, stride }),
    with: (parameters: { readonly filters: Tensor }) => conv2d(parameters.filters, options),
  });
}
