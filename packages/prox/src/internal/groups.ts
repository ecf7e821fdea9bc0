import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { refuse, requireInteger, UnrolledError } from '@unrolled/contracts';

/** Which entries of a code belong together. */
export interface GroupOptions {
  /** The axes that a group extends over; −1 is the last one. Never the batch, axis 0. Default [−1]. */
  readonly axes?: readonly number[];
  /** A group has this many neighbours along the last axis, which is then one of `axes`. Default: the whole axis. */
  readonly size?: number;
}

/** How to see the groups of a code. */
export interface Grouping {
  /** The code with the last axis cut in groups `[…, groups, size]` where there is a size. */
  split(code: Tensor): Tensor;
  /** ‖x_g‖ of a code that is split, with axes of length 1 where the groups extend. Its gradient at 0 is 0. */
  norms(split: Tensor): Tensor;
  /** The same, but never 0: to divide by. */
  safeNorms(split: Tensor): Tensor;
  /** Weights in the shape that broadcasts to the norms. */
  perGroup(weight: Tensor): Tensor;
}

/** The smallest ‖x_g‖² that counts: its square is no less than the least float32, so that derivatives stay finite. */
const LEAST = 1e-36;

/** Refuses what is no list of axes besides the batch. */
export function requireAxes(axes: readonly number[]): void {
  if (!Array.isArray(axes) || axes.length === 0 || !axes.every(Number.isInteger) || axes.includes(0)) {
    refuse('axes', axes, 'one or more axes besides the batch, axis 0');
  }
}

/** The axes of a code of this rank, counted from 0. */
export function resolveAxes(axes: readonly number[], rank: number): number[] {
  const resolved = axes.map((axis) => (axis < 0 ? axis + rank : axis));
  const fits = resolved.every((axis) => axis > 0 && axis < rank) && new Set(resolved).size === axes.length;
  if (!fits) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `axes: expected different axes of a code of ${rank} axes besides the batch, got [${axes.join(', ')}]`,
    );
  }
  return resolved;
}

export function grouping({ axes = [-1], size }: GroupOptions): Grouping {
  requireAxes(axes);
  if (size !== undefined) {
    requireInteger('size', size);
    if (!axes.includes(-1)) refuse('axes', axes, 'the last axis, −1, among them where there is a size');
  }

  const split = (code: Tensor): Tensor => {
    resolveAxes(axes, code.rank);
    const last = code.shape.at(-1)!;
    if (size === undefined) return code;
    if (last % size !== 0) {
      throw new UnrolledError(
        'INVALID_SHAPE',
        `size: expected a divisor of the code's last axis, ${last}, got ${size}`,
      );
    }
    return tf.reshape(code, [...code.shape.slice(0, -1), last / size, size]);
  };
  /** The axes of what is split, which has one more before the last where there is a size. */
  const within = (parts: Tensor): number[] => {
    const rank = size === undefined ? parts.rank : parts.rank - 1;
    return resolveAxes(axes, rank).map((axis) => (size !== undefined && axis === rank - 1 ? rank : axis));
  };
  const squares = (parts: Tensor): Tensor => tf.sum(tf.square(parts), within(parts), true);
  // The square root has no finite derivative at 0: there the maximum passes the gradient to the constant.
  const root = (squared: Tensor): Tensor => tf.sqrt(tf.maximum(squared, LEAST));
  return {
    split,
    safeNorms: (parts) => root(squares(parts)),
    norms: (parts) => {
      const squared = squares(parts);
      return tf.mul(root(squared), tf.step(squared));
    },
    perGroup: (weight) => (size !== undefined && weight.rank > 0 ? tf.expandDims(weight, -1) : weight),
  };
}
