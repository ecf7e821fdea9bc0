import * as tf from '@tensorflow/tfjs-core';
import { simulateSpikes } from '@unrolled/data';
import { ndArray, transpose } from '@unrolled/formats';
import { conv1d } from '@unrolled/operators';
import type { ConvolutionalProblem } from '../reference/convolutional.ts';
import { toTensor } from './arrays.ts';

/** What a recording is like. */
export interface RecordingOptions {
  readonly atoms: number;
  readonly channels: number;
  /** Samples of a template. */
  readonly length: number;
  readonly samples: number;
  /** Hz. */
  readonly rate: number;
  /** Spikes a second of each neuron. */
  readonly firingRate: number;
}

/** A recording to be coded with its true templates. */
export interface RecordingProblem extends ConvolutionalProblem {
  /** 1/‖H‖². */
  readonly step: number;
  /** σ. */
  readonly noiseDeviation: number;
  readonly spikes: number;
}

/** Spikes are so many σ tall, on average, where their template deflects most: small enough to be work. */
const height = 5;
/** λ = 4.54 σ: the universal threshold of 30,000 entries. */
const weightOf = (noiseDeviation: number): number => noiseDeviation * Math.sqrt(2 * Math.log(3e4));

/** Simulates a recording and its problem: λ = 4.54 σ, x ≥ 0. The same numbers on every machine. */
export async function recordingProblem(options: RecordingOptions): Promise<RecordingProblem> {
  const { atoms, channels, length, samples, rate, firingRate } = options;
  const simulate = (duration: number, snr: number) =>
    simulateSpikes({
      neurons: atoms,
      channels,
      duration,
      rate,
      firingRate,
      templateDuration: length / rate,
      snr,
      maxCrossCorrelation: channels === 1 ? 0.5 : 0.9,
      seed: 1,
    });
  // The noise that makes spikes so tall, from a short recording with the same templates.
  const trial = simulate(Math.min(20, samples / rate), 0);
  const deflection = Array.from({ length: atoms }, (_, atom) => {
    const size = length * channels;
    return trial.templates.data
      .subarray(atom * size, (atom + 1) * size)
      .reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  });
  const wanted = (12 * deflection.reduce((a, b) => a + b, 0)) / atoms / height;
  const { recording, templates, noiseDeviation, truth } = simulate(
    samples / rate,
    20 * Math.log10(trial.noiseDeviation / wanted),
  );
  const y = ndArray(await recording.read(0, recording.samples), [recording.samples, channels]);
  const filters = transpose(templates, [1, 2, 0]);
  const h = toTensor(filters);
  const step = 1 / (await conv1d(h).lipschitz());
  tf.dispose(h);
  return {
    y,
    filters,
    weight: weightOf(noiseDeviation),
    step,
    noiseDeviation,
    spikes: truth.times.length,
  };
}

/**
 * The first samples of a recording, about a `share`-th of it: as many as give a code of a whole number of blocks of 16 positions,
 * which polyphase forms ask for.
 */
export function pieceOf(problem: RecordingProblem, share: number): RecordingProblem {
  const { y, filters } = problem;
  const [samples, channels] = y.shape as readonly [number, number];
  const length = filters.shape[0]!;
  const positions = Math.max(16, Math.floor((samples / share - length + 1) / 16) * 16);
  const kept = positions + length - 1;
  return { ...problem, y: ndArray(y.data.slice(0, kept * channels), [kept, channels]) };
}
