import { requireInteger, UnrolledError } from '@unrolled/contracts';

/** Where two signals agree most. */
export interface Agreement {
  /** The cross-correlation of largest absolute value, with its sign. */
  readonly value: number;
  /** By how many samples the second signal has to be delayed to get there. */
  readonly shift: number;
}

/**
 * The cross-correlation of two signals with the largest absolute value,
 *
 *     r(s) = Σ_t Σ_c a[t, c] · b[t − s, c],    max over s of |r(s)|
 *
 * over all shifts s at which they overlap. For signals of norm 1 it lies in [−1, 1]. Of equal values the smallest shift
 * is given.
 *
 * @param a interleaved `[time, channels]`
 * @param b interleaved `[time, channels]`; may have another length than `a`
 * @param channels default 1
 * @example largestCrossCorrelation([0, 0, 1], [1, 0, 0]) // { value: 1, shift: 2 }
 */
export function largestCrossCorrelation(a: ArrayLike<number>, b: ArrayLike<number>, channels = 1): Agreement {
  requireInteger('channels', channels);
  if (a.length === 0 || b.length === 0 || a.length % channels !== 0 || b.length % channels !== 0) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `a, b: expected [time, ${channels}] numbers, got ${a.length} and ${b.length}`,
    );
  }
  const lengthA = a.length / channels;
  const lengthB = b.length / channels;
  let best: Agreement = { value: correlate(a, b, 0), shift: 0 };
  const consider = (shift: number): void => {
    const value = correlate(a, b, shift * channels);
    if (Math.abs(value) > Math.abs(best.value)) best = { value, shift };
  };
  for (let shift = 1; shift < Math.max(lengthA, lengthB); shift++) {
    if (shift < lengthA) consider(shift);
    if (shift < lengthB) consider(-shift);
  }
  return best;
}

/** Σ_i a[i]·b[i − offset] where both exist. */
export function correlate(a: ArrayLike<number>, b: ArrayLike<number>, offset: number): number {
  const start = Math.max(0, offset);
  const end = Math.min(a.length, b.length + offset);
  let sum = 0;
  for (let index = start; index < end; index++) sum += a[index]! * b[index - offset]!;
  return sum;
}
