import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type CodeGrid,
  type Gradient,
  type Network,
  refuse,
  requireInteger,
  requireKnownOptions,
  requireSignals,
} from '@unrolled/contracts';
import { padForShifts } from './padding.ts';
import { allShifts, requireShifts, type Shift } from './shift.ts';

/** Options of {@link ShiftAveraged.reconstruct}. */
export interface ReconstructOptions {
  /** How gradients go back through the encoder; default through all of it. */
  readonly gradient?: Gradient;
  /** The shifts to average over; default all. */
  readonly shifts?: readonly Shift[];
  /**
   * Shifts that are encoded together, as one batch: memory, never the result. Default as many as have codes of four million entries
   * together.
   */
  readonly shiftsAtOnce?: number;
}

/** A strided network without its stride's grid: what it makes of a signal is the mean over all shifts of the signal against it. */
export interface ShiftAveraged<W extends Network = Network> {
  readonly network: W;
  /** All shifts, the last axis fastest: stride of them for signals over time, the square of it for images. */
  readonly shifts: readonly Shift[];
  /**
   * The mean over the shifts of `decode(encode(y shifted))`, shifted back: natural parameters of the shape of `y`, which may be of
   * any size that an atom fits in. A fresh tensor.
   */
  reconstruct(y: Tensor, options?: ReconstructOptions): Tensor;
}

/** Entries of the codes that are encoded together unless one asks for more: 16 MB a tensor of the state. */
const codeEntriesAtOnce = 2 ** 22;

/**
 * Averages what a strided network makes of a signal over all shifts of the signal against the grid of its code, which a stride
 * s > 1 makes it depend on:
 *
 *     η̄(y) = mean over shifts j of  S_j⁻¹ decode(encode(S_j y)),    j ∈ {0, …, s − 1} along each axis
 *
 * S_j pads the signal by its reflection, by s − j in front and s + e + j behind with the smallest e ≥ 0 that makes room for a whole
 * number of positions; S_j⁻¹ crops. With stride 1 there is one shift, and the padding remains. What is averaged is the natural
 * parameter; the likelihood's `mean` comes after it.
 *
 * All shifts together cost s² times the network for an image: train on a few of them (`randomShifts`), test with all.
 *
 * @param network one whose operator is a convolution, over time or of images; lent
 * @throws INVALID_ARGUMENT where the operator has no grid. By `reconstruct`: INVALID_SHAPE for a signal that is smaller than an atom
 *   or has other axes or channels, INVALID_ARGUMENT for shifts out of range, UNKNOWN_OPTION
 * @example
 * const averaged = shiftAveraged(network); // atoms of 11 × 11, stride 7
 * const eta = averaged.reconstruct(tf.ones([1, 128, 130, 1])); // [1, 128, 130, 1], of 49 shifts
 * const rate = network.problem().likelihood.mean(eta);
 * @see Simon & Elad 2019, "Rethinking the CSC model for natural images", section 4; Tolooshams, Song, Temereanca & Ba 2020,
 *   "Convolutional dictionary learning based auto-encoders for natural exponential-family distributions"
 */
export function shiftAveraged<W extends Network>(network: W): ShiftAveraged<W> {
  const { operator } = network.problem();
  const grid: CodeGrid =
    operator.grid ?? refuse('network', operator.name, 'a network whose operator is a convolution');
  const shifts = allShifts(grid);
  return Object.freeze<ShiftAveraged<W>>({
    network,
    shifts,
    reconstruct: (y, options = {}) => {
      requireKnownOptions('reconstruct', options, ['gradient', 'shifts', 'shiftsAtOnce']);
      requireSignals('y', y);
      return tf.tidy(() => reconstruct(network, y, grid, { ...options, shifts: options.shifts ?? shifts }));
    },
  });
}

function reconstruct(
  network: Network,
  y: Tensor,
  grid: CodeGrid,
  options: ReconstructOptions & { readonly shifts: readonly Shift[] },
): Tensor {
  const shifts = requireShifts(options.shifts, grid);
  const encoding = options.gradient === undefined ? {} : { gradient: options.gradient };
  const { copyShape, copy, originIn } = padForShifts(y, grid);
  const codeEntries = tf.util.sizeFromShape(network.problem().operator.codeShape(copyShape));
  const atOnce = requireInteger(
    'shiftsAtOnce',
    options.shiftsAtOnce ?? Math.max(1, Math.floor(codeEntriesAtOnce / codeEntries)),
  );
  const [batch] = copyShape as [number];
  let sum: Tensor | undefined;
  for (let start = 0; start < shifts.length; start += atOnce) {
    const some = shifts.slice(start, start + atOnce);
    const before: Tensor | undefined = sum;
    sum = tf.tidy(() => {
      const eta = network.decode(network.encode(tf.concat(some.map(copy), 0), encoding));
      const parts = some.map((shift, index) => {
        const [, ...origin] = originIn(shift);
        return tf.slice(eta, [index * batch, ...origin], y.shape);
      });
      // One by one, so that the result does not depend on how many are encoded at once.
      return [...(before ? [before] : []), ...parts].reduce((total, part) => tf.add(total, part));
    });
    before?.dispose();
  }
  return tf.div(sum!, shifts.length);
}
