import type { CodeSpace } from '../code-space.ts';
import type { Stretch } from '../stretch.ts';

/** Aᵀ y at the positions of a stretch, `[positions, atoms]`, in float64. */
export function correlate(
  { bank: { length, channels, atoms, stride }, filters }: CodeSpace,
  { signal, from, to }: Stretch,
): Float64Array {
  const result = new Float64Array((to - from) * atoms);
  for (let position = from; position < to; position++) {
    const to = (position - from) * atoms;
    const start = position * stride * channels;
    for (let row = 0, filter = 0; row < length * channels; row++) {
      const sample = signal[start + row]!;
      for (let atom = 0; atom < atoms; atom++) result[to + atom]! += sample * filters[filter++]!;
    }
  }
  return result;
}

/** An entry that is to be taken out of a correlation. */
export interface Entry {
  /** Counted from where the stretch begins; beside the stretch too. */
  readonly position: number;
  readonly atom: number;
  readonly value: number;
}

/** Takes the contribution Aᵀ A x of one entry x out of a correlation `[positions, atoms]`, as far as it lies in it. */
export function subtract(
  { bank: { atoms }, reach, gram }: CodeSpace,
  correlation: Float64Array,
  { position, atom, value }: Entry,
): void {
  const lags = 2 * reach + 1;
  const first = Math.max(0, position - reach);
  const last = Math.min(correlation.length / atoms - 1, position + reach);
  let from = (atom * lags + reach + first - position) * atoms;
  for (let at = first * atoms; at < (last + 1) * atoms; at++) correlation[at]! -= value * gram[from++]!;
}
