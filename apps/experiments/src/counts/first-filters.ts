import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { largestCrossCorrelation } from '@unrolled/metrics';
import type { CountFamily } from './families.ts';
import type { Groups } from './groups.ts';
import type { TrialSet } from './trials.ts';

/** Of two first filters, over all shifts: what is more alike is passed over. */
const mostAlike = 0.7;

/**
 * Filters to start from: the stretches of the groups that deviate most from their mean rate, in units of the natural parameter, which are
 * not alike; noise where there are not enough. `[time, 1, atoms]`, a fresh tensor.
 */
export function firstFilters(
  { counts, baselines }: Groups,
  family: CountFamily,
  { atomLength, atoms }: TrialSet,
  seed: number,
): Tensor {
  const bins = counts.shape[1]!;
  const deviations = counts.data.map((count, index) => {
    const mean = family.mean(baselines[Math.floor(index / bins)]!);
    return (count - mean) / Math.sqrt(family.variance(mean));
  });
  const candidates: { energy: number; values: Float32Array }[] = [];
  for (let group = 0; group < baselines.length; group++)
    for (let place = 0; place + atomLength <= bins; place += Math.max(1, Math.floor(atomLength / 8))) {
      const values = deviations.slice(group * bins + place, group * bins + place + atomLength);
      candidates.push({ values, energy: values.reduce((sum, value) => sum + value ** 2, 0) });
    }
  candidates.sort((a, b) => b.energy - a.energy);
  const chosen: Float32Array[] = [];
  for (const { values, energy } of candidates) {
    if (chosen.length === atoms || energy < 2 * atomLength) break;
    const unit = values.map((value) => value / Math.sqrt(energy));
    const apart = chosen.every(
      (other) => Math.abs(largestCrossCorrelation(other, unit, 1).value) <= mostAlike,
    );
    if (apart) chosen.push(unit);
  }
  const noise = random(seed).split('first filters');
  while (chosen.length < atoms) chosen.push(Float32Array.from({ length: atomLength }, () => noise.normal()));
  return tf.tidy(() =>
    tf.transpose(tf.stack(chosen.map((values) => tf.tensor2d(values, [atomLength, 1]))), [1, 2, 0]),
  );
}
