import {
  type Random,
  random,
  refuse,
  requireInteger,
  requireKnownOptions,
  requireNonNegative,
  requireOneOf,
  requirePositive,
} from '@unrolled/contracts';
import { type NdArray, ndArray, transpose } from '@unrolled/formats';
import { drawApart } from './draw-apart.ts';
import { type Amplitude, drawAmplitude, placesApart } from './spike-placing.ts';

/** What is simulated; everything has a default. */
export interface CountSimulationOptions {
  /** `'binomial'` (default): in how many of the trials there was a spike; `'poisson'`: how many spikes there were. */
  readonly family?: 'binomial' | 'poisson';
  /** M, the trials that a binomial count is out of; default 30. Poisson counts have none. */
  readonly trials?: number;
  /** How many groups of trials; default 320. */
  readonly groups?: number;
  /** Bins N of a group; default 500. */
  readonly length?: number;
  /** How many filters C; default 3. */
  readonly filters?: number;
  /** Bins K of a filter; default 50. */
  readonly filterLength?: number;
  /** Events of each filter in each group; default 2. */
  readonly events?: number;
  /** Of the events, the filters having norm 1, so in units of the natural parameter; default mean 8, deviation 0.8. */
  readonly amplitude?: Amplitude;
  /**
   * What a bin is expected to hold where there is no event, uniform in [low, high] from group to group: the probability of a spike in
   * a trial (binomial; default [0.02, 0.06]), or the mean count (Poisson; default [0.6, 1.8]).
   */
  readonly baseline?: readonly [low: number, high: number];
  /** The largest cross-correlation, over all shifts, of two filters; default 0.5. */
  readonly maxCrossCorrelation?: number;
  /** A whole number ≥ 0; default 0. */
  readonly seed?: number;
}

/** Counts whose natural parameter is a sum of filters at known places. */
export interface CountSimulation {
  /** y `[groups, time, 1]`, whole numbers. */
  readonly counts: NdArray<'float32'>;
  /** η = H x + a `[groups, time, 1]`: log-odds of a spike in a trial, or the log of the mean count. */
  readonly naturalParameters: NdArray<'float32'>;
  /** x ≥ 0 `[groups, time − filterLength + 1, filters]`. */
  readonly codes: NdArray<'float32'>;
  /** h `[filterLength, 1, filters]`, norm 1. */
  readonly filters: NdArray<'float32'>;
  /** a `[groups, 1, 1]`, the natural parameter where there is no event. */
  readonly baselines: NdArray<'float32'>;
}

const known = [
  'family',
  'trials',
  'groups',
  'length',
  'filters',
  'filterLength',
  'events',
  'amplitude',
  'baseline',
  'maxCrossCorrelation',
  'seed',
];

/** That a filter is a sum of. */
const bumps = 5;
/** Whole numbers above it have gaps in float32. */
const largestCount = 2 ** 24;

/** A family of counts: its link at the baseline, and how it is drawn from. */
interface CountFamily {
  readonly baseline: readonly [number, number];
  /** Below which a baseline has to stay. */
  readonly below: number;
  link(mean: number): number;
  draw(eta: number, trials: number, random: Random): number;
}

const families: { readonly [F in NonNullable<CountSimulationOptions['family']>]: CountFamily } = {
  binomial: {
    baseline: [0.02, 0.06],
    below: 1,
    link: (probability) => Math.log(probability / (1 - probability)),
    draw: (eta, trials, own) => own.binomial(trials, 1 / (1 + Math.exp(-eta))),
  },
  poisson: {
    baseline: [0.6, 1.8],
    below: largestCount,
    link: Math.log,
    draw: (eta, _, own) => own.poisson(meanCount(eta)),
  },
};

/**
 * Simulates spike counts for convolutional dictionary learning by the likelihood. In each group of trials every filter occurs
 * `events` times, wholly inside, no two of the same filter closer than a filter is long; the filters are added in the domain of
 * the natural parameter, and the counts of all bins are drawn independently:
 *
 *     η = Σ_c h_c ∗ x_c + a,     y ~ Binomial(M, 1 / (1 + e^−η))  or  Poisson(e^η)
 *
 * A filter is a smooth sequence of rises and dips of the rate, of which a rise is the largest.
 *
 * @throws where an option is out of range, or unknown; where a mean count is above 2²⁴, which float32 cannot tell from its neighbours
 * @see Tolooshams, Song, Temereanca & Ba (2020), "Convolutional dictionary learning based auto-encoders for natural
 *   exponential-family distributions", section 4
 * @example const { counts, filters, baselines } = simulateCounts({ family: 'poisson', groups: 32, baseline: [0.1, 0.3], seed: 3 });
 */
export function simulateCounts(options: CountSimulationOptions = {}): CountSimulation {
  requireKnownOptions('options', options, known);
  const { amplitude = { mean: 8, deviation: 0.8 }, maxCrossCorrelation = 0.5 } = options;
  const name = requireOneOf('family', options.family ?? 'binomial', ['binomial', 'poisson']);
  const family = families[name];
  if (name === 'poisson' && options.trials !== undefined)
    refuse('trials', options.trials, 'none, as Poisson counts are out of no number');
  const trials = requireInteger('trials', options.trials ?? 30);
  const groups = requireInteger('groups', options.groups ?? 320);
  const atoms = requireInteger('filters', options.filters ?? 3);
  const filterLength = requireInteger('filterLength', options.filterLength ?? 50, 4);
  const length = requireInteger('length', options.length ?? 500, filterLength);
  const events = requireInteger('events', options.events ?? 2);
  const [low, high] = requireBaseline(options.baseline ?? family.baseline, family.below);
  requirePositive('amplitude.mean', amplitude.mean);
  requireNonNegative('amplitude.deviation', amplitude.deviation);
  requirePositive('maxCrossCorrelation', maxCrossCorrelation);

  const root = random(options.seed ?? 0);
  const templates = drawResponses(atoms, filterLength, maxCrossCorrelation, root.split('templates'));
  const places = length - filterLength + 1;
  const counts = new Float32Array(groups * length);
  const eta = new Float32Array(groups * length);
  const codes = new Float32Array(groups * places * atoms);
  const baselines = new Float32Array(groups);
  for (let group = 0; group < groups; group++) {
    const own = root.split('events').split(group);
    baselines[group] = family.link(own.uniform(low, high));
    const values = eta.subarray(group * length, (group + 1) * length).fill(baselines[group]!);
    for (let atom = 0; atom < atoms; atom++) {
      const template = templates.data.subarray(atom * filterLength, (atom + 1) * filterLength);
      for (const place of placesApart(own, events, places, filterLength)) {
        const size = drawAmplitude(own, amplitude, false);
        codes[(group * places + place) * atoms + atom] = size;
        template.forEach((value, bin) => {
          values[place + bin]! += size * value;
        });
      }
    }
    const draws = root.split('counts').split(group);
    counts.set(
      values.map((value) => family.draw(value, trials, draws)),
      group * length,
    );
  }
  return Object.freeze({
    counts: ndArray(counts, [groups, length, 1]),
    naturalParameters: ndArray(eta, [groups, length, 1]),
    codes: ndArray(codes, [groups, places, atoms]),
    filters: transpose(templates, [1, 2, 0]),
    baselines: ndArray(baselines, [groups, 1, 1]),
  });
}

/** Filters of norm 1, `[filters, bins, 1]`: each a sum of bumps of either sign, which end within it. */
function drawResponses(
  atoms: number,
  length: number,
  maxCrossCorrelation: number,
  own: Random,
): NdArray<'float32'> {
  const responses = drawApart(atoms, () => drawResponse(length, own), { channels: 1, maxCrossCorrelation });
  const data = new Float32Array(atoms * length);
  responses.forEach((response, atom) => {
    data.set(response, atom * length);
  });
  return ndArray(data, [atoms, length, 1]);
}

function drawResponse(length: number, own: Random): Float64Array {
  const response = new Float64Array(length);
  for (let bump = 0; bump < bumps; bump++) {
    const [height, centre] = [own.normal(), length * own.uniform(0.25, 0.75)];
    // Three deviations and more from either end.
    const width = length * own.uniform(1 / 24, 1 / 12);
    for (let bin = 0; bin < length; bin++)
      response[bin]! += height * Math.exp(-0.5 * ((bin + 0.5 - centre) / width) ** 2);
  }
  // At low rates a dip is hardly seen, as no count is below 0: what deflects most is a rise.
  const peak = response.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  const norm = Math.sign(peak) * Math.hypot(...response);
  return response.map((value) => value / norm);
}

function requireBaseline(range: readonly [number, number], below: number): readonly [number, number] {
  const [low, high] = range;
  if (!(low > 0 && low <= high && high < below))
    refuse('baseline', range, `[low, high] with 0 < low ≤ high < ${below}`);
  return range;
}

function meanCount(eta: number): number {
  const mean = Math.exp(eta);
  if (!(mean <= largestCount))
    refuse('amplitude', mean, `events that raise no mean count above ${largestCount}`);
  return mean;
}
