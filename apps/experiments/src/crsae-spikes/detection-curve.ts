import { random } from '@unrolled/contracts';
import { type SpikeTruth, talkSimulation } from '@unrolled/data';
import { learnTemplates, sortRecording } from '@unrolled/spikes';
import type { ExperimentContext } from '../experiment.ts';
import { clusterDetections } from './cluster-detections.ts';
import { score } from './scored-recording.ts';

export interface CurvePoint {
  readonly threshold: number;
  /** Misses / true spikes, all neurons together. */
  readonly missRate: number;
  /** False positives / found spikes of the matched units and of those that match no neuron. */
  readonly falseAlarmRate: number;
}

export interface CurveResult {
  readonly snr: number;
  readonly minutes: number;
  readonly ours: { readonly name: string; readonly points: readonly CurvePoint[] };
  readonly baseline: { readonly name: string; readonly points: readonly CurvePoint[] };
}

const rate = 10_000;

/** Miss against false-alarm rate on a noisy recording, over the detection threshold; beside threshold crossings with PCA and k-means. */
export function detectionCurve(context: ExperimentContext): Promise<CurveResult> {
  const { size, seed, signal, results } = context;
  const minutes = size === 'smoke' ? 0.2 : 2;
  const snr = 6;
  return results.once('detection-curve', { minutes, snr, seed }, async () => {
    const { recording, truth, noiseDeviation } = talkSimulation({ seed, duration: minutes * 60, snr });
    const learned = await learnTemplates(recording, { rate, duration: 0.0045, units: 3, seed, signal });
    const ours: CurvePoint[] = [];
    for (const threshold of [0.1, 0.2, 0.4, 0.7, 1, 1.5, 2.5, 4, 6, 9]) {
      const sorted = await sortRecording(recording, learned, { rate, threshold, signal });
      ours.push(
        pointOf(threshold, truth, { times: Array.from(sorted.times), units: Array.from(sorted.units) }),
      );
    }
    const trace = await recording.read(0, recording.samples);
    const baseline: CurvePoint[] = [];
    for (let threshold = 2.5; threshold <= 8; threshold += 0.5) {
      const found = clusterDetections(trace, {
        threshold: threshold * noiseDeviation,
        length: 45,
        clusters: 3,
        components: 10,
        random: random(seed).split('k-means'),
      });
      baseline.push(pointOf(threshold, truth, found));
    }
    return {
      snr,
      minutes,
      ours: { name: 'CRsAE', points: ours },
      baseline: { name: 'detection + PCA + k-means', points: baseline },
    };
  });
}

function pointOf(
  threshold: number,
  truth: SpikeTruth,
  found: { times: number[]; units: number[] },
): CurvePoint {
  const comparison = score(truth, found, rate);
  const hits = comparison.reduce((sum, unit) => sum + unit.hits, 0);
  const misses = comparison.reduce((sum, unit) => sum + unit.misses, 0);
  return {
    threshold,
    missRate: misses / (hits + misses),
    // Whatever was found and is no hit is a false alarm, whichever unit it was given to.
    falseAlarmRate: found.times.length === 0 ? 0 : 1 - hits / found.times.length,
  };
}
