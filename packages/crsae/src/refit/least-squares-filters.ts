import { refuse, requireFinite, requireInteger, requireKnownOptions } from '@unrolled/contracts';
import type { HostExamples } from '@unrolled/unroll';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { requireHostBatch } from './host-batch.ts';
import type { Spike } from './pick-spikes.ts';

/**
 * The filters that explain windows best for given spikes, by least squares in float64:
 *
 *     min over e  ½ Σ_j ‖ y_j − Σ_{spikes s in j} amplitude_s · e_{atom_s}(· − place_s) ‖² + ½ ρ ‖e‖²
 *
 * over filters that reach `margin` samples beyond either end: what a template that drifted has lost comes back there. All
 * channels share one matrix, the correlation of the spike trains at short lags. ρ is 10⁻⁶ of its mean diagonal, so that an atom
 * without spikes stays zero.
 *
 * @param windows `[batch, time, channels]`
 * @param spikes their `place` is the sample at which a filter (without its margin) starts
 * @param options.atoms how many filters
 * @param options.length K, samples of a filter
 * @param options.margin samples on either side; default 0
 * @returns `[length + 2·margin, channels, atoms]`, in units of the signal over those of the amplitudes
 * @throws INVALID_SHAPE, NOT_FINITE for windows that are none; INVALID_ARGUMENT for a spike that is not in them; UNKNOWN_OPTION
 * @example
 * const spikes = [{ example: 0, atom: 0, place: 1, amplitude: 2 }];
 * const windows = { data: new Float32Array([0, 2, 4, 0]), shape: [1, 4, 1] };
 * leastSquaresFilters(windows, spikes, { atoms: 1, length: 2 }); // { data: [1, 2], shape: [2, 1, 1] }
 */
export function leastSquaresFilters(
  windows: HostExamples,
  spikes: readonly Spike[],
  options: { readonly atoms: number; readonly length: number; readonly margin?: number },
): { readonly data: Float64Array; readonly shape: readonly [number, number, number] } {
  requireHostBatch('windows', windows, '[batch, time, channels]');
  requireKnownOptions('leastSquaresFilters', options, ['atoms', 'length', 'margin']);
  const atoms = requireInteger('atoms', options.atoms);
  requireSpikes(spikes, windows.shape[0]!, atoms);
  const margin = requireInteger('margin', options.margin ?? 0, 0);
  const reach = requireInteger('length', options.length) + 2 * margin;
  const channels = windows.shape[2]!;

  const matrix = trainCorrelation(spikes, atoms, reach);
  const ridge = Math.max(1e-30, (1e-6 * matrix.trace()) / matrix.rows);
  for (let row = 0; row < matrix.rows; row++) matrix.set(row, row, matrix.get(row, row) + ridge);
  const right = spikeTriggeredSums(windows, spikes, { atoms, reach, margin });
  const solution = new CholeskyDecomposition(matrix).solve(right);

  const data = new Float64Array(reach * channels * atoms);
  for (let atom = 0; atom < atoms; atom++)
    for (let k = 0; k < reach; k++)
      for (let channel = 0; channel < channels; channel++)
        data[(k * channels + channel) * atoms + atom] = solution.get(atom * reach + k, channel);
  return { data, shape: [reach, channels, atoms] };
}

function requireSpikes(spikes: readonly Spike[], examples: number, atoms: number): void {
  spikes.forEach(({ example, atom, place, amplitude }, index) => {
    const name = `spikes[${index}]`;
    if (requireInteger(`${name}.example`, example, 0) >= examples)
      refuse(`${name}.example`, example, `a window below ${examples}`);
    if (requireInteger(`${name}.atom`, atom, 0) >= atoms)
      refuse(`${name}.atom`, atom, `an atom below ${atoms}`);
    if (!Number.isSafeInteger(place)) refuse(`${name}.place`, place, 'a whole number of samples');
    requireFinite(`${name}.amplitude`, amplitude);
  });
}

/** G[(a, k), (b, l)] = Σ over pairs of spikes with place_b − place_a = k − l of their amplitudes' product. */
function trainCorrelation(spikes: readonly Spike[], atoms: number, reach: number): Matrix {
  // First the correlation of the trains by lag, then its Toeplitz blocks.
  const lags = new Float64Array(atoms * atoms * (2 * reach - 1));
  const ordered = [...spikes].sort((a, b) => a.example - b.example || a.place - b.place);
  ordered.forEach((a, first) => {
    for (let second = first; second < ordered.length; second++) {
      const b = ordered[second]!;
      const lag = b.place - a.place;
      if (b.example !== a.example || lag >= reach) break;
      const product = a.amplitude * b.amplitude;
      lags[(a.atom * atoms + b.atom) * (2 * reach - 1) + lag + reach - 1]! += product;
      if (second !== first) lags[(b.atom * atoms + a.atom) * (2 * reach - 1) - lag + reach - 1]! += product;
    }
  });
  const matrix = Matrix.zeros(atoms * reach, atoms * reach);
  for (let a = 0; a < atoms; a++)
    for (let b = 0; b < atoms; b++)
      for (let k = 0; k < reach; k++)
        for (let l = 0; l < reach; l++)
          matrix.set(
            a * reach + k,
            b * reach + l,
            lags[(a * atoms + b) * (2 * reach - 1) + k - l + reach - 1]!,
          );
  return matrix;
}

/** Σ over spikes of amplitude · the window around the spike: `[atoms · reach, channels]`. */
function spikeTriggeredSums(
  windows: HostExamples,
  spikes: readonly Spike[],
  { atoms, reach, margin }: { atoms: number; reach: number; margin: number },
): Matrix {
  const [, time, channels] = windows.shape as [number, number, number];
  const sums = Matrix.zeros(atoms * reach, channels);
  for (const { example, atom, place, amplitude } of spikes) {
    for (let k = 0; k < reach; k++) {
      const sample = place - margin + k;
      if (sample < 0 || sample >= time) continue;
      for (let channel = 0; channel < channels; channel++) {
        const row = atom * reach + k;
        const value = windows.data[(example * time + sample) * channels + channel]!;
        sums.set(row, channel, sums.get(row, channel) + amplitude * value);
      }
    }
  }
  return sums;
}
