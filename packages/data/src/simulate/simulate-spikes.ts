import {
  type Random,
  random,
  refuse,
  requireFinite,
  requireInteger,
  requireKnownOptions,
  requireNonNegative,
  requirePositive,
} from '@unrolled/contracts';
import { type NdArray, requireWhole } from '@unrolled/formats';
import { type Recording, requireRange } from '../recording.ts';
import type { SpikeTruth } from '../spike-truth.ts';
import { noiseDeviation, nonZeroSpread } from './noise.ts';
import { type Amplitude, drawAmplitude, poissonTimes } from './spike-placing.ts';
import { addNoise, synthesise } from './synthesis.ts';
import { drawTemplates, peakSamples } from './waveforms.ts';

/** What is simulated; everything has a default. */
export interface SpikeSimulationOptions {
  /** Default 3. */
  readonly neurons?: number;
  /** Seconds; default 60. */
  readonly duration?: number;
  /** Sampling rate, Hz; default 10 000. */
  readonly rate?: number;
  /** Spikes per second of a neuron, or of each; default 30. */
  readonly firingRate?: number | readonly number[];
  /** Default 1. */
  readonly channels?: number;
  /** Seconds; default 0.0018. */
  readonly templateDuration?: number;
  /** Seconds between two spikes of a neuron; default the duration of a template. */
  readonly refractoryPeriod?: number;
  /** Signal-to-noise ratio in dB, σ = std(y[y ≠ 0]) / 10^(SNR/20); default 16. */
  readonly snr?: number;
  /** Of the spikes, the templates having norm 1; default mean 12, deviation 1. */
  readonly amplitude?: Amplitude;
  /** The largest cross-correlation, over all shifts, of two templates; default 0.5. */
  readonly maxCrossCorrelation?: number;
  /** Half of the spikes are upside down; default false. */
  readonly signed?: boolean;
  /** Templates `[neurons, time, channels]` of your own, instead of drawn ones. */
  readonly templates?: NdArray<'float32'>;
  /** A whole number ≥ 0; default 0. */
  readonly seed?: number;
}

/** A simulated recording with everything that is true of it. */
export interface SpikeSimulation {
  /** Made while it is read: it takes no memory, however long it is. */
  readonly recording: Recording;
  /** A spike's time is the sample of its template's largest deflection. */
  readonly truth: SpikeTruth;
  /** `[neurons, time, channels]`, norm 1. */
  readonly templates: NdArray<'float32'>;
  /** `[neurons]`: the sample of the largest deflection of each template. */
  readonly peaks: Int32Array;
  /** σ of the noise, the same on every channel. */
  readonly noiseDeviation: number;
}

const known = [
  'neurons',
  'duration',
  'rate',
  'firingRate',
  'channels',
  'templateDuration',
  'refractoryPeriod',
  'snr',
  'amplitude',
  'maxCrossCorrelation',
  'signed',
  'templates',
  'seed',
];

/**
 * Simulates an extracellular recording: neurons with different waveforms fire at random, and white noise is added,
 *
 *     y[t, c] = Σ_s amplitude_s · template_{unit_s}[t − onset_s, c] + σ · n[t, c].
 *
 * Each neuron is a Poisson process with a dead time; spikes of different neurons overlap freely. The same seed gives the
 * same recording, whichever parts of it are read.
 *
 * @throws where an option is out of range, or unknown
 * @see Tolooshams, Dey & Ba (2021), "Deep residual autoencoders for expectation maximization-inspired dictionary learning", section V
 * @example
 * const { recording, truth, templates } = simulateSpikes({ duration: 20, channels: 4, seed: 1 });
 * const values = await recording.read(0, recording.samples); // Float32Array [time, channels]
 */
export function simulateSpikes(options: SpikeSimulationOptions = {}): SpikeSimulation {
  requireKnownOptions('options', options, known);
  const { seed = 0, amplitude = { mean: 12, deviation: 1 }, signed = false } = options;
  const rate = requirePositive('rate', options.rate ?? 10_000);
  const snr = requireFinite('snr', options.snr ?? 16);
  requirePositive('amplitude.mean', amplitude.mean);
  requireNonNegative('amplitude.deviation', amplitude.deviation);
  const root = random(seed);
  const templates = options.templates ? requireTemplates(options) : templatesFor(options, rate, root);
  const [neurons, length, channels] = templates.shape as readonly [number, number, number];
  const peaks = peakSamples(templates);

  const samples = Math.round(requirePositive('duration', options.duration ?? 60) * rate);
  if (samples < length)
    refuse('duration', options.duration ?? 60, `at least one template (${length / rate} s)`);
  const dead = Math.max(
    1,
    Math.round(requirePositive('refractoryPeriod', options.refractoryPeriod ?? length / rate) * rate),
  );
  const firingRates = Array.from({ length: neurons }, (_, neuron) => {
    const { firingRate = 30 } = options;
    return requirePositive('firingRate', typeof firingRate === 'number' ? firingRate : firingRate[neuron]!);
  });

  const spikes = firingRates.flatMap((firingRate, unit) => {
    const own = root.split('spikes').split(unit);
    const onsets = poissonTimes(own, samples - length + 1, firingRate / rate, dead);
    return onsets.map((onset) => ({
      time: onset + peaks[unit]!,
      unit,
      amplitude: drawAmplitude(own, amplitude, signed),
    }));
  });
  spikes.sort((a, b) => a.time - b.time || a.unit - b.unit);
  const truth = Object.freeze({
    rate,
    times: Float64Array.from(spikes, ({ time }) => time),
    units: Int32Array.from(spikes, ({ unit }) => unit),
    amplitudes: Float64Array.from(spikes, (spike) => spike.amplitude),
  });

  const clean = (start: number, end: number): Float32Array => synthesise(truth, templates, peaks, start, end);
  const spread = nonZeroSpread();
  for (let start = 0; start < samples; start += 2 ** 16)
    spread.add(clean(start, Math.min(start + 2 ** 16, samples)));
  const deviation = noiseDeviation(spread, snr);
  const noise = root.split('noise');

  const recording: Recording = Object.freeze({
    name: 'simulation',
    rate,
    samples,
    channels,
    dtype: 'float32' as const,
    async read(start: number, end: number) {
      requireRange(samples, start, end);
      const values = clean(start, end);
      addNoise(values, start * channels, deviation, noise);
      return values;
    },
    async close() {},
  });
  return Object.freeze({ recording, truth, templates, peaks, noiseDeviation: deviation });
}

function templatesFor(options: SpikeSimulationOptions, rate: number, root: Random): NdArray<'float32'> {
  const { neurons = 3, channels = 1, templateDuration = 0.0018, maxCrossCorrelation = 0.5 } = options;
  requireInteger('neurons', neurons);
  requireInteger('channels', channels);
  requirePositive('maxCrossCorrelation', maxCrossCorrelation);
  const length = Math.round(requirePositive('templateDuration', templateDuration) * rate);
  if (length < 4) refuse('templateDuration', templateDuration, `at least 4 samples (${4 / rate} s)`);
  return drawTemplates({ neurons, length, channels, rate, maxCrossCorrelation }, root.split('templates'));
}

function requireTemplates({ templates, neurons, channels }: SpikeSimulationOptions): NdArray<'float32'> {
  requireWhole('templates', templates!);
  const [units, , width] = templates!.shape;
  if (templates!.shape.length !== 3 || templates!.data.length === 0) {
    refuse('templates', templates!.shape, 'an array [neurons, time, channels]');
  }
  if (neurons !== undefined && neurons !== units)
    refuse('neurons', neurons, `${units}, as many as templates`);
  if (channels !== undefined && channels !== width)
    refuse('channels', channels, `${width}, as the templates have`);
  return templates!;
}
