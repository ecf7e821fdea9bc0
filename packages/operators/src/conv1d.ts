import type { Tensor } from '@tensorflow/tfjs-core';
import { analysis1d, synthesis1d } from '@unrolled/backend';
import {
  type ConvolutionalOperator,
  requireFloat,
  requireInteger,
  requireKnownOptions,
  requireRank,
  requireShape,
  UnrolledError,
} from '@unrolled/contracts';
import { requireBatch } from './internal/shapes.ts';
import { spectralBound } from './internal/spectral-bound.ts';

/** Options of {@link conv1d}. */
export interface Conv1dOptions {
  /** Samples between the positions of a code, s ≥ 1. Default 1. */
  readonly stride?: number;
}

/**
 * A 1-D convolutional dictionary H of `filters` h `[time K, channels, atoms]`: signals `[batch, time N, channels]`,
 * codes `[batch, positions M, atoms]`, a template spanning all channels.
 *
 *     (H x)[n, ch]   = Σ_c Σ_i x[i, c] · h[n − s i, ch, c]      the full convolution, N = (M − 1) s + K
 *     (Hᵀ y)[i, c]   = Σ_ch Σ_k y[s i + k, ch] · h[k, ch, c]    the valid correlation
 *
 * The two are exact adjoints, edges included. A signal whose length is not (M − 1)·s + K for a whole M is refused (with
 * stride 1 every length ≥ K does): its last samples would be in no code's reach.
 *
 * `lipschitz` is the bound from the filters' spectra, sup_ω σ_max(Ĥ(ω))², which the norm approaches as the signal
 * grows: held from above in float64, and within 0.1 % of it (`internal/spectral-bound.ts`).
 *
 * @param filters float32 `[time, channels, atoms]`; lent, stays its maker's
 * @throws `INVALID_SHAPE`, `INVALID_DTYPE`, `INVALID_ARGUMENT` (stride), `UNKNOWN_OPTION`; `NOT_FINITE` by `lipschitz`
 *   where a filter has a NaN or infinity
 * @example
 * ```ts
 * const operator = conv1d(tf.tensor3d([1, 2], [2, 1, 1])); // one filter of 2 samples
 * const y = operator.apply(tf.tensor3d([1, 0, 3], [1, 3, 1])); // [1, 2, 3, 6]
 * ```
 * @see Tolooshams, Dey & Ba, *Deep residual autoencoders for expectation maximization-inspired dictionary learning*,
 *   IEEE TNNLS 32 (2021), section II
 */
export function conv1d(filters: Tensor, options: Conv1dOptions = {}): ConvolutionalOperator {
  requireKnownOptions('conv1d', options, ['stride']);
  const stride = requireInteger('stride', options.stride ?? 1);
  requireRank('filters', filters, 3, '[time, channels, atoms]');
  requireFloat('filters', filters);
  const [length, channels, atoms] = filters.shape as [number, number, number];
  if (filters.size === 0) {
    throw new UnrolledError('INVALID_SHAPE', `filters: expected no empty axis, got [${filters.shape}]`);
  }

  const convolution = Object.freeze({ length, channels, atoms, stride });
  const grid = Object.freeze({ extent: Object.freeze([length]), stride: Object.freeze([stride]) });
  const codeShape = (signalShape: readonly number[]): number[] => {
    requireShape('signalShape', signalShape, [-1, -1, channels], '[batch, time, channels]');
    const [batch, time] = signalShape as [number, number];
    if (time < length || (time - length) % stride !== 0) {
      throw new UnrolledError(
        'INVALID_SHAPE',
        `signalShape: expected a time of ${length} + ${stride}·m samples (filters of ${length}, stride ${stride}), got ${time}`,
      );
    }
    return [batch, (time - length) / stride + 1, atoms];
  };

  return Object.freeze({
    name: 'conv1d',
    parameters: Object.freeze({ filters }),
    codeSize: atoms,
    grid,
    convolution,
    apply: (x: Tensor) =>
      synthesis1d(requireBatch('x', x, [-1, atoms], '[batch, positions, atoms]'), filters, stride),
    adjoint: (y: Tensor) => {
      codeShape(requireBatch('y', y, [-1, channels], '[batch, time, channels]').shape);
      return analysis1d(y, filters, stride);
    },
    codeShape,
    lipschitz: async () =>
      spectralBound(await filters.data(), { filter: [1, length], channels, atoms, stride: [1, stride] }),
    with: (parameters: { readonly filters: Tensor }) => conv1d(parameters.filters, options),
  });
}
