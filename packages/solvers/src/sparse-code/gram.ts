import type { FilterBank1d } from '@unrolled/contracts';

/** How many positions apart two entries of a code can be and still share a sample: ⌈K / stride⌉ − 1. */
export const reachOf = ({ length, stride }: FilterBank1d): number => Math.ceil(length / stride) - 1;

/**
 * Aᵀ A of a convolution, which is the same at every position:
 *
 *     G[c, R + ℓ, d] = Σ_{k, ch} h[k + ℓ s, ch, c] · h[k, ch, d],   |ℓ| ≤ R = ⌈K/s⌉ − 1
 *
 * so that an entry v at position i of atom c adds v · G[c, R + ℓ, d] to (Aᵀ A x)[i + ℓ, d].
 *
 * @param filters `[time, channels, atoms]`
 * @returns `[atoms, 2 R + 1, atoms]`, float64
 */
export function gramOf(filters: ArrayLike<number>, bank: FilterBank1d): Float64Array {
  const { length, channels, atoms, stride } = bank;
  const reach = reachOf(bank);
  const lags = 2 * reach + 1;
  const gram = new Float64Array(atoms * lags * atoms);
  for (let lag = 0; lag <= reach; lag++) {
    const shift = lag * stride * channels * atoms;
    for (let row = 0; row < (length - lag * stride) * channels; row++) {
      const at = row * atoms;
      for (let c = 0; c < atoms; c++) {
        const ahead = filters[shift + at + c]!;
        const to = (c * lags + reach + lag) * atoms;
        for (let d = 0; d < atoms; d++) gram[to + d]! += ahead * filters[at + d]!;
      }
    }
  }
  for (let lag = 1; lag <= reach; lag++) {
    for (let c = 0; c < atoms; c++) {
      for (let d = 0; d < atoms; d++) {
        gram[(c * lags + reach - lag) * atoms + d] = gram[(d * lags + reach + lag) * atoms + c]!;
      }
    }
  }
  return gram;
}
