import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '@unrolled/backend';
import {
  type Named,
  type Operator,
  type Prior,
  requireInteger,
  requireKnownOptions,
  UnrolledError,
} from '@unrolled/contracts';
import { indicator, requireCode } from '../internal/codes.ts';
import { requireAxes, resolveAxes } from '../internal/groups.ts';
import { requirePrior } from '../internal/parts.ts';
import { nonZero } from '../internal/signs.ts';

/** Options of {@link topK}. */
export interface TopKOptions {
  /** k, the most entries that may be other than 0: a whole number ≥ 1. */
  readonly count: number;
  /** The axes that they are counted over, never the batch: [1] of `[batch, time, atoms]` keeps k times an atom. Default: all. */
  readonly axes?: readonly number[];
}

/**
 * A prior whose codes have at most k entries other than 0, those that are largest without that bound:
 *
 *     Φ(x) + (0 where ‖x‖₀ ≤ k, +∞ elsewhere),    prox(v, α) = the k entries of prox_Φ(v, α) that are largest in magnitude, else 0
 *
 * Not convex. Its prox is exact where keeping an entry is worth the more the larger it is: for ℓ1 with any weights, one-sided or
 * not, for `zero` (iterative hard thresholding), for ridge and elastic net of one weight. Of equal entries the first are kept. The
 * gradient goes through the entries that are kept, and stops at the others. Parameters are those of Φ, by their names.
 *
 * @param prior Φ; codes are ≥ 0 where it says so
 * @throws INVALID_ARGUMENT for a count that is not a whole number ≥ 1, or axes that are none; UNKNOWN_OPTION; INVALID_SHAPE in
 *   use where there are fewer entries than the count, or axes that the code does not have
 * @example
 * ```ts
 * const prior = topK(l1(0.5, { nonNegative: true }), { count: 1 });
 * const code = prior.prox(tf.tensor2d([[2, 3, -9]]), 1); // [[0, 2.5, 0]]
 * ```
 * @see Blumensath & Davies, *Iterative hard thresholding for compressed sensing*, Appl. Comput. Harmon. Anal. 27 (2009), (8)
 */
export function topK<N extends string>(prior: Prior<N>, options: TopKOptions): Prior<N> {
  requirePrior('prior', prior);
  requireKnownOptions('topK', options, ['count', 'axes']);
  const count = requireInteger('count', options.count);
  const { axes } = options;
  if (axes) requireAxes(axes);
  const over = (code: Tensor): number[] =>
    axes ? resolveAxes(axes, code.rank) : code.shape.map((_, axis) => axis).slice(1);
  return Object.freeze({
    name: 'topK',
    convex: false,
    parameters: prior.parameters,
    value: (x: Tensor) =>
      tf.tidy(() => {
        const counts = () => tf.sum(nonZero(x), over(requireCode('x', x)), true);
        return tf.add(prior.value(x), indicator(counts, count));
      }),
    prox: (v: Tensor, step: number | Tensor) =>
      tf.tidy(() => {
        const kept = prior.prox(v, step);
        return tf.mul(kept, largest(kept, over(kept), count));
      }),
    ...(prior.bind && {
      bind: (y: Tensor, operator: Operator) => topK(prior.bind!(y, operator), options),
    }),
    with: (parameters: Named<N>) => topK(prior.with(parameters), options),
  });
}

/** 1 at the `count` entries over these axes that are largest in magnitude, 0 at the others; off the tape. */
const largest = (x: Tensor, axes: readonly number[], count: number): Tensor =>
  withoutGradient(() => {
    const others = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    const order = [...others, ...axes];
    const moved = tf.transpose(tf.abs(x), order);
    const size = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
    if (count > size) {
      throw new UnrolledError(
        'INVALID_SHAPE',
        `count: expected at most the ${size} entries that are counted over, got ${count}`,
      );
    }
    const rows = x.size / size;
    const { indices } = tf.topk(tf.reshape(moved, [rows, size]), count, false);
    const flat = tf.add(
      indices,
      tf.mul(tf.expandDims(tf.range(0, rows, 1, 'int32'), 1), tf.scalar(size, 'int32')),
    );
    const marks = tf.scatterND(tf.reshape(flat, [-1, 1]), tf.ones([rows * count]), [x.size]);
    const back = order.map((_, axis) => order.indexOf(axis));
    return tf.transpose(tf.reshape(marks, moved.shape), back);
  });
