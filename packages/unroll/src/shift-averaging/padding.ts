import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type CodeGrid, requireRank, UnrolledError } from '@unrolled/contracts';
import type { Shift } from './shift.ts';

/**
 * A signal padded by its own reflection, of which every shifted copy is a window. All copies of one signal have the same size, one
 * that a code fits: with the stride s along an axis of W samples and atoms of K, a copy shifted by j is padded by
 *
 *     s − j in front,   s + e + j behind,   e = −(W + s − K) mod s
 */
export interface PaddedSignal {
  /** `[batch, …, channels]`, fresh. */
  readonly padded: Tensor;
  /** The shape of a shifted copy. */
  readonly copyShape: readonly number[];
  /** The copy that is shifted so. A fresh tensor. */
  copy(shift: Shift): Tensor;
  /** Where the signal begins in the copy that is shifted so, batch and channels included. */
  originIn(shift: Shift): number[];
}

/**
 * Pads signals for all shifts at once. Edges are not repeated: … 2 1 | 0 1 2 …; a signal shorter than its padding is reflected
 * back and forth.
 *
 * @param y `[batch, time, channels]` or `[batch, height, width, channels]`, as the grid has axes
 * @throws INVALID_SHAPE where the signal has other axes, or is smaller than an atom
 */
export function padForShifts(y: Tensor, { extent, stride }: CodeGrid): PaddedSignal {
  requireRank('y', y, stride.length + 2, `signals [batch, ${stride.map(() => '·').join(', ')}, channels]`);
  const sizes = y.shape.slice(1, -1);
  if (sizes.some((size, axis) => size < extent[axis]!)) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `y: expected signals of at least ${extent.join(' × ')}, the size of an atom, got ${sizes.join(' × ')}`,
    );
  }
  const copySizes = sizes.map((size, axis) => {
    const [s, atom] = [stride[axis]!, extent[axis]!];
    return size + 2 * s + ((s - ((size + s - atom) % s)) % s);
  });
  const copyShape = [y.shape[0]!, ...copySizes, y.shape.at(-1)!];
  const padded = tf.tidy(() =>
    sizes.reduce((signal: Tensor, size, axis) => {
      const s = stride[axis]!;
      const samples = Int32Array.from({ length: copySizes[axis]! + s - 1 }, (_, at) =>
        reflected(at - s, size),
      );
      return tf.gather(signal, tf.tensor1d(samples, 'int32'), axis + 1);
    }, y),
  );
  return {
    padded,
    copyShape,
    copy: (shift) => tf.slice(padded, [0, ...shift, 0], copyShape),
    originIn: (shift) => [0, ...shift.map((distance, axis) => stride[axis]! - distance), 0],
  };
}

/** The sample that is seen at a place before, in, or behind a signal between two mirrors on its first and last sample. */
function reflected(place: number, size: number): number {
  const period = Math.max(1, 2 * (size - 1));
  const at = ((place % period) + period) % period;
  return at < size ? at : period - at;
}
