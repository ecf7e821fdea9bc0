import {
  random,
  requireFinite,
  requireInteger,
  requireKnownOptions,
  requireNonNegative,
  requirePositive,
} from '@unrolled/contracts';
import { type NdArray, ndArray, transpose } from '@unrolled/formats';
import { noiseDeviation, nonZeroSpread } from './noise.ts';
import { type Amplitude, drawAmplitude, placesApart } from './spike-placing.ts';
import { drawTemplates } from './waveforms.ts';

/** What is simulated; everything has a default. */
export interface WindowSimulationOptions {
  /** How many windows J; default 320. */
  readonly windows?: number;
  /** Samples N of a window; default 500. */
  readonly length?: number;
  /** How many filters C; default 3. */
  readonly filters?: number;
  /** Samples K of a filter; default 18. */
  readonly filterLength?: number;
  /** Spikes of each filter in each window; default 2. */
  readonly spikes?: number;
  /** Of the spikes, the filters having norm 1; default mean 12, deviation 1. */
  readonly amplitude?: Amplitude;
  /** Signal-to-noise ratio in dB, σ = std(y[y ≠ 0]) / 10^(SNR/20); default 16. */
  readonly snr?: number;
  /** The largest cross-correlation, over all shifts, of two filters; default 0.32. */
  readonly maxCrossCorrelation?: number;
  /** Half of the spikes are upside down; default false. */
  readonly signed?: boolean;
  /** A whole number ≥ 0; default 0. */
  readonly seed?: number;
}

/** Windows of a signal that is a sum of filters at known places. */
export interface WindowSimulation {
  /** y `[windows, time, 1]`, with noise. */
  readonly signals: NdArray<'float32'>;
  /** x `[windows, time − filterLength + 1, filters]`. */
  readonly codes: NdArray<'float32'>;
  /** h `[filterLength, 1, filters]`, norm 1. */
  readonly filters: NdArray<'float32'>;
  /** σ of the noise. */
  readonly noiseDeviation: number;
}

const known = [
  'windows',
  'length',
  'filters',
  'filterLength',
  'spikes',
  'amplitude',
  'snr',
  'maxCrossCorrelation',
  'signed',
  'seed',
];

/** The sampling rate at which the filters are drawn, Hz: 18 samples are 1.8 ms. */
const rate = 10_000;

/**
 * Simulates windows y = Σ_c h_c ∗ x_c + σ n for convolutional dictionary learning. In each window every filter occurs `spikes`
 * times, wholly inside, no two of the same filter closer than a filter is long; different filters overlap freely.
 *
 * The defaults are a simulation on which CRsAE is known to recover the filters: `crsaeSimulation`.
 *
 * @throws where an option is out of range, or unknown
 * @see Tolooshams, Dey & Ba (2021), "Deep residual autoencoders for expectation maximization-inspired dictionary learning", section V
 * @example const { signals, codes, filters, noiseDeviation } = simulateWindows({ windows: 32, seed: 3 });
 */
export function simulateWindows(options: WindowSimulationOptions = {}): WindowSimulation {
  requireKnownOptions('options', options, known);
  const { signed = false, amplitude = { mean: 12, deviation: 1 }, maxCrossCorrelation = 0.32 } = options;
  const windows = requireInteger('windows', options.windows ?? 320);
  const atoms = requireInteger('filters', options.filters ?? 3);
  const filterLength = requireInteger('filterLength', options.filterLength ?? 18, 4);
  const length = requireInteger('length', options.length ?? 500, filterLength);
  const count = requireInteger('spikes', options.spikes ?? 2);
  const snr = requireFinite('snr', options.snr ?? 16);
  requirePositive('amplitude.mean', amplitude.mean);
  requireNonNegative('amplitude.deviation', amplitude.deviation);
  requirePositive('maxCrossCorrelation', maxCrossCorrelation);

  const root = random(options.seed ?? 0);
  const templates = drawTemplates(
    { neurons: atoms, length: filterLength, channels: 1, rate, maxCrossCorrelation },
    root.split('templates'),
  );
  const places = length - filterLength + 1;
  const signals = new Float32Array(windows * length);
  const codes = new Float32Array(windows * places * atoms);
  for (let window = 0; window < windows; window++) {
    const own = root.split('spikes').split(window);
    for (let atom = 0; atom < atoms; atom++) {
      for (const place of placesApart(own, count, places, filterLength)) {
        const size = drawAmplitude(own, amplitude, signed);
        codes[(window * places + place) * atoms + atom] = size;
        for (let sample = 0; sample < filterLength; sample++) {
          signals[window * length + place + sample]! += size * templates.data[atom * filterLength + sample]!;
        }
      }
    }
  }
  const spread = nonZeroSpread();
  spread.add(signals);
  const deviation = noiseDeviation(spread, snr);
  const noise = root.split('noise');
  for (let index = 0; index < signals.length; index++) signals[index]! += noise.normal(0, deviation);
  return Object.freeze({
    signals: ndArray(signals, [windows, length, 1]),
    codes: ndArray(codes, [windows, places, atoms]),
    filters: transpose(templates, [1, 2, 0]),
    noiseDeviation: deviation,
  });
}
