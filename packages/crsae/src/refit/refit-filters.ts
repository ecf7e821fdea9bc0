import { requireInteger, requireKnownOptions, requireNonNegative, requireShape } from '@unrolled/contracts';
import type { HostExamples } from '@unrolled/unroll';
import { requireHostBatch } from './host-batch.ts';
import { leastSquaresFilters } from './least-squares-filters.ts';
import { pickSpikes } from './pick-spikes.ts';

/** What `refitFilters` proposes. */
export interface Refit {
  /** Unit-norm filters `[time, channels, atoms]`. */
  readonly filters: Float32Array;
  /** Samples by which each filter's window moved: positive where what was lost stood at its end. */
  readonly shifts: readonly number[];
  /** Spikes each filter was refitted on. */
  readonly spikes: readonly number[];
}

/** Options of {@link refitFilters}. */
export interface RefitOptions {
  readonly radius?: number;
  readonly share?: number;
  readonly margin?: number;
  readonly weights?: HostExamples;
  readonly ridge?: number;
}

/**
 * Filters refitted by least squares on the support found, each in the window of K samples that holds most of its energy.
 *
 * This mends the two ways in which gradient training of a convolutional dictionary goes wrong, both of which leave the loss
 * flat: a filter *drifts* by a few samples until its end is cut off, and a filter is *blurred*, with a code that spreads each
 * spike over neighbouring places to make up for it. A filter without spikes is left as it is.
 *
 * @param windows `[batch, time, channels]`, what was encoded
 * @param codes `[batch, positions, atoms]`; their stride follows from the lengths, time = (positions − 1)·stride + K
 * @param filters `[K, channels, atoms]`, as they are
 * @param options.radius samples around a spike over which its code may be spread, as of `pickSpikes`; default K/3
 * @param options.share spikes of at most this share of the large ones are noise, as of `pickSpikes`; default 0.3
 * @param options.margin samples by which a filter may move; default K/4
 * @param options.weights one a sample `[batch, time, 1]`, and `options.ridge`, as of `leastSquaresFilters`
 * @throws INVALID_SHAPE where windows, codes and filters do not fit together; NOT_FINITE; INVALID_ARGUMENT; UNKNOWN_OPTION
 * @example
 * const refit = refitFilters(windows, await codesOf(network, windows), { data: filters, shape: [18, 1, 3] });
 * console.log(refit.shifts, refit.spikes);
 */
export function refitFilters(
  windows: HostExamples,
  codes: HostExamples,
  filters: { readonly data: Float32Array; readonly shape: readonly number[] },
  options: RefitOptions = {},
): Refit {
  requireKnownOptions('refitFilters', options, ['radius', 'share', 'margin', 'weights', 'ridge']);
  const stride = requireFit(windows, codes, filters);
  const [length, channels, atoms] = filters.shape as [number, number, number];
  const radius = requireNonNegative('radius', options.radius ?? Math.floor(length / 3));
  const margin = requireInteger('margin', options.margin ?? Math.floor(length / 4), 0);
  const { share, weights, ridge } = options;
  const found = pickSpikes(codes, {
    radius: Math.floor(radius / stride),
    ...(share !== undefined && { share }),
  });
  const spikes = found.map((spike) => ({ ...spike, place: spike.place * stride }));
  const reaching = leastSquaresFilters(windows, spikes, {
    atoms,
    length,
    margin,
    ...(weights && { weights }),
    ...(ridge !== undefined && { ridge }),
  });
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
    // Spikes of nothing: windows that are zero, or that others explain.
    if (!(norm > 0)) return 0;
    for (let k = 0; k < length; k++)
      for (let channel = 0; channel < channels; channel++)
        refitted[(k * channels + channel) * atoms + atom] = atomOf(start + k, channel) / norm;
    return start - margin;
  });
  return { filters: refitted, shifts, spikes: counts };
}

/** The stride that windows, codes and filters have between them. */
function requireFit(
  windows: HostExamples,
  codes: HostExamples,
  filters: { readonly data: Float32Array; readonly shape: readonly number[] },
): number {
  requireHostBatch('windows', windows, '[batch, time, channels]');
  requireHostBatch('codes', codes, '[batch, positions, atoms]');
  const [examples, time, channels] = windows.shape as [number, number, number];
  const [, positions, atoms] = codes.shape as [number, number, number];
  requireHostBatch('filters', filters, '[time, channels, atoms]');
  requireShape('filters', filters.shape, [-1, channels, atoms], '[time, channels, atoms]');
  requireShape('codes', codes.shape, [examples, -1, atoms], '[batch, positions, atoms]');
  const length = filters.shape[0]!;
  const stride = positions === 1 ? 1 : (time - length) / (positions - 1);
  const fits = Number.isInteger(stride) && stride >= 1 && (positions - 1) * stride + length === time;
  if (!fits) requireShape('codes', codes.shape, [examples, time - length + 1, atoms], 'codes of the windows');
  return stride;
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
