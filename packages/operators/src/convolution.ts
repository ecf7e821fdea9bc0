import type { Tensor } from '@tensorflow/tfjs-core';
import type { Stride2d } from '@unrolled/backend';
import { type Operator, refuse, UnrolledError } from '@unrolled/contracts';
import { conv1d } from './conv1d.ts';
import { conv2d } from './conv2d.ts';

/**
 * The convolutional dictionary that the rank of its filters says: {@link conv1d} for signals over time, {@link conv2d} for images.
 * For networks that are made for either.
 *
 * @param filters float32 `[time, channels, atoms]` or `[height, width, channels, atoms]`; lent, stays its maker's
 * @param options.stride from one position of a code to the next: a number, or `[down, right]` for images. Default 1
 * @throws INVALID_SHAPE for filters of another rank; else as `conv1d` and `conv2d`
 * @example
 * const images = convolution(tf.ones([11, 11, 1, 64]), { stride: 7 });
 * const recordings = convolution(tf.ones([40, 4, 3]));
 */
export function convolution(
  filters: Tensor,
  options: { readonly stride?: Stride2d } = {},
): Operator<'filters'> {
  const rank = filters?.shape?.length;
  if (rank === 4) return conv2d(filters, options);
  if (rank !== 3) {
    const given = rank === undefined ? String(filters) : `shape [${filters.shape}]`;
    throw new UnrolledError(
      'INVALID_SHAPE',
      `filters: expected filters [time, channels, atoms] or [height, width, channels, atoms], got ${given}`,
    );
  }
  const { stride, ...rest } = options;
  if (typeof stride === 'object') refuse('stride', stride, 'one number, as the filters have one axis');
  return conv1d(filters, { ...rest, ...(stride !== undefined && { stride }) });
}
