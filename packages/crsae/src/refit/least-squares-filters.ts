import {
  refuse,
  requireFinite,
  requireInteger,
  requireKnownOptions,
  requirePositive,
  requireShape,
} from '@unrolled/contracts';
import type { HostExamples } from '@unrolled/unroll';
import { CholeskyDecomposition } from 'ml-matrix';
import { requireHostBatch } from './host-batch.ts';
import type { Spike } from './pick-spikes.ts';
import { spikeTriggeredSums, trainCorrelation, weightedCorrelation } from './spike-correlations.ts';

/**
 * The filters that explain windows best for given spikes, by least squares in float64:
 *
 *     min over e  ½ Σ_j ‖ y_j − Σ_{spikes s in j} amplitude_s · e_{atom_s}(· − place_s) ‖² + ½ ρ ‖e‖²
 *
 * over filters that reach `margin` samples beyond either end: what a template that drifted has lost comes back there. All
 * channels share one matrix, the correlation of the spike trains at short lags. ρ is a share of its mean diagonal, so that an atom
 * without spikes stays zero.
 *
 * With `weights` v every squared error is multiplied by that of its sample. With the variances of another likelihood, and windows
 * η + (y − mean)/v, it is a step of Newton's method on that likelihood (iteratively reweighted least squares).
 *
 * @param windows `[batch, time, channels]`
 * @param spikes their `place` is the sample at which a filter (without its margin) starts
 * @param options.atoms how many filters
 * @param options.length K, samples of a filter
 * @param options.margin samples on either side; default 0
 * @param options.ridge ρ over the mean diagonal, > 0; default 1e-6
 * @param options.weights v ≥ 0 `[batch, time, 1]`, one a sample for all channels; default 1
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
  options: {
    readonly atoms: number;
    readonly length: number;
    readonly margin?: number;
    readonly ridge?: number;
    readonly weights?: HostExamples;
  },
): { readonly data: Float64Array; readonly shape: readonly [number, number, number] } {
  requireHostBatch('windows', windows, '[batch, time, channels]');
  requireKnownOptions('leastSquaresFilters', options, ['atoms', 'length', 'margin', 'ridge', 'weights']);
  const atoms = requireInteger('atoms', options.atoms);
  requireSpikes(spikes, windows.shape[0]!, atoms);
  const margin = requireInteger('margin', options.margin ?? 0, 0);
  const reach = requireInteger('length', options.length) + 2 * margin;
  const [examples, time, channels] = windows.shape as [number, number, number];
  const { weights } = options;
  const share = requirePositive('ridge', options.ridge ?? 1e-6);
  if (weights) requireWeights(weights, [examples, time, 1]);

  const matrix = weights
    ? weightedCorrelation(spikes, weights, { atoms, reach, margin })
    : trainCorrelation(spikes, atoms, reach);
  const ridge = Math.max(1e-30, (share * matrix.trace()) / matrix.rows);
  for (let row = 0; row < matrix.rows; row++) matrix.set(row, row, matrix.get(row, row) + ridge);
  const right = spikeTriggeredSums(weights ? weighted(windows, weights) : windows, spikes, {
    atoms,
    reach,
    margin,
  });
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

function requireWeights(weights: HostExamples, shape: readonly number[]): void {
  requireHostBatch('weights', weights, '[batch, time, 1]');
  requireShape('weights', weights.shape, shape, 'one weight a sample, [batch, time, 1]');
  const negative = weights.data.findIndex((weight) => weight < 0);
  if (negative >= 0) refuse('weights', weights.data[negative], `weights ≥ 0: index ${negative}`);
}

/** The windows, every sample times its weight. */
function weighted({ data, shape }: HostExamples, weights: HostExamples): HostExamples {
  const channels = shape[2]!;
  return { data: data.map((value, index) => value * weights.data[Math.floor(index / channels)]!), shape };
}
