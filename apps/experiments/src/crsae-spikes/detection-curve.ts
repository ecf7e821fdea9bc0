import { type SpikeTruth, talkSimulation } from '@unrolled/data';
import type { UnitSpikes } from '@unrolled/metrics';
import { detectAndCluster, learnTemplates, thresholdSweep } from '@unrolled/spikes';
import type { ExperimentContext } from '../experiment.ts';
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
const duration = 0.0045;
/** How much more evidence than chance would ask for ours asks of a spike. */
const evidences = [0.1, 0.2, 0.4, 0.7, 1, 1.5, 2.5, 4, 6, 9];
/** Deviations of the noise that a deflection has to exceed for the baseline. */
const deviations = [2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8];

/** Miss against false-alarm rate on a noisy recording, over the detection threshold; beside threshold crossings with PCA and k-means. */
export function detectionCurve(context: ExperimentContext): Promise<CurveResult> {
  const { size, seed, signal, results } = context;
  const minutes = size === 'smoke' ? 0.2 : 2;
  const snr = 6;
  return results.once(
    'detection-curve',
    { starts: 10, minutes, snr, seed, evidences, deviations },
    async () => {
      const { recording, truth } = talkSimulation({ seed, duration: minutes * 60, snr });
      const learned = await learnTemplates(recording, { rate, duration, units: 3, seed, signal });
      const ours: CurvePoint[] = [];
      for await (const { threshold, sorted } of thresholdSweep(recording, learned, evidences, {
        rate,
        signal,
      })) {
        ours.push(pointOf(threshold, truth, sorted));
      }
      const baseline: CurvePoint[] = [];
      for (const threshold of deviations) {
        const found = await detectAndCluster(recording, { units: 3, threshold, duration, rate, seed });
        baseline.push(pointOf(threshold, truth, found));
      }
      return {
        snr,
        minutes,
        ours: { name: 'CRsAE and pursuit', points: ours },
        baseline: { name: 'detection + PCA + k-means', points: baseline },
      };
    },
  );
}

function pointOf(threshold: number, truth: SpikeTruth, found: UnitSpikes): CurvePoint {
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
