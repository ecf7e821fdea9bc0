import { leastSquaresFilters } from './least-squares-filters.ts';
import { type HostArray, pickSpikes } from './spikes.ts';

/** What `refitFilters` proposes. */
export interface Refit {
  /** Unit-norm filters `[time, channels, atoms]`. */
  readonly filters: Float32Array;
  /** Samples by which each filter's window moved: positive where what was lost stood at its end. */
  readonly shifts: readonly number[];
  /** Spikes each filter was refitted on. */
  readonly spikes: readonly number[];
}

/**
 * Filters refitted by least squares on the support found, each in the window of K samples that holds most of its energy.
 *
 * This mends the two ways in which gradient training of a convolutional dictionary goes wrong, both of which leave the loss
 * flat: a filter *drifts* by a few samples until its end is cut off, and a filter is *blurred*, with a code that spreads each
 * spike over neighbouring places to make up for it. A filter without spikes is left as it is.
 *
 * @param windows `[batch, time, channels]`, what was encoded
 * @param codes `[batch, time − K + 1, atoms]`
 * @param filters `[K, channels, atoms]`, as they are
 * @param options.radius see `pickSpikes`; default K/3
 * @param options.margin samples by which a filter may move; default K/4
 */
export function refitFilters(
  windows: HostArray,
  codes: HostArray,
  filters: HostArray,
  options: { readonly radius?: number; readonly margin?: number } = {},
): Refit {
  const [length, channels, atoms] = filters.shape as [number, number, number];
  const { radius = Math.floor(length / 3), margin = Math.floor(length / 4) } = options;
  const spikes = pickSpikes(codes, { radius });
  const reaching = leastSquaresFilters(windows, spikes, { atoms, length, margin });
  const counts = new Array<number>(atoms).fill(0);
  for (const { atom } of spikes) counts[atom]!++;

  const refitted = Float32Array.from(filters.data);
  const shifts = counts.map((count, atom) => {
    if (count === 0) return 0;
    const atomOf = (k: number, channel: number) => reaching.data[(k * channels + channel) * atoms + atom]!;
    const energies = Array.from({ length: length + 2 * margin }, (_, k) => {
      let energy = 0;
      for (let channel = 0; channel < channels; channel++) energy += atomOf(k, channel) ** 2;
      return energy;
    });
    const start = richestWindow(energies, length, margin);
    const norm = Math.sqrt(energies.slice(start, start + length).reduce((sum, energy) => sum + energy, 0));
    for (let k = 0; k < length; k++)
      for (let channel = 0; channel < channels; channel++)
        refitted[(k * channels + channel) * atoms + atom] = atomOf(start + k, channel) / norm;
    return start - margin;
  });
  return { filters: refitted, shifts, spikes: counts };
}

/** Where the window of this length with the largest sum starts; of equal ones that nearest to `middle`. */
function richestWindow(energies: readonly number[], length: number, middle: number): number {
  let best = middle;
  const sumFrom = (start: number) =>
    energies.slice(start, start + length).reduce((sum, energy) => sum + energy, 0);
  let most = sumFrom(middle);
  for (let start = 0; start + length <= energies.length; start++) {
    const sum = sumFrom(start);
    if (sum > most) {
      best = start;
      most = sum;
    }
  }
  return best;
}
