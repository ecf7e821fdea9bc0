import { dictionaryError } from '@unrolled/metrics';
import type { FloatArray } from '../sorting.ts';

/** The true template of each unit, as it can be laid over the learned one. */
export interface MatchedTemplates {
  /** Of the shape of the learned ones; NaN for a unit that has none. */
  readonly aligned: FloatArray;
  /** Shift-aware dictionary error of each unit; undefined for a unit without a true template. */
  readonly errors: readonly (number | undefined)[];
  /** The true unit of each unit. */
  readonly trueUnits: readonly (number | undefined)[];
}

/**
 * Matches true templates to learned ones by the dictionary error (field's chapter on metrics: shifts allowed, best
 * permutation), shifts each one onto its partner and scales it by least squares: an atom has no place in time and no norm.
 */
export function matchTemplates(learned: FloatArray, truth: FloatArray): MatchedTemplates {
  const [units, samples, channels] = learned.shape as [number, number, number];
  const [, trueSamples] = truth.shape as [number, number, number];
  const match = dictionaryError(asDictionary(truth), asDictionary(learned), { shifts: true });
  const data = new Float32Array(learned.data.length).fill(Number.NaN);
  const errors = new Array<number | undefined>(units).fill(undefined);
  const trueUnits = new Array<number | undefined>(units).fill(undefined);
  match.matches.forEach((unit, trueUnit) => {
    if (unit < 0) return;
    errors[unit] = match.errors[trueUnit]!;
    trueUnits[unit] = trueUnit;
    // The learned atom, delayed by `shift`, lies on the true one: so sample t of it is sample t + shift of the truth.
    const shift = match.shifts[trueUnit]!;
    const values = Float64Array.from({ length: samples * channels }, (_, index) => {
      const time = Math.floor(index / channels) + shift;
      const inside = time >= 0 && time < trueSamples;
      return inside ? truth.data[(trueUnit * trueSamples + time) * channels + (index % channels)]! : 0;
    });
    const own = learned.data.subarray(unit * samples * channels, (unit + 1) * samples * channels);
    const energy = values.reduce((sum, value) => sum + value * value, 0);
    const product = values.reduce((sum, value, index) => sum + value * own[index]!, 0);
    const scale = energy === 0 ? 0 : product / energy;
    data.set(
      values.map((value) => scale * value),
      unit * samples * channels,
    );
  });
  return { aligned: { data, shape: learned.shape }, errors, trueUnits };
}

/** `[units, time, channels]` to `[time, channels, atoms]`. */
function asDictionary({ data, shape }: FloatArray): { data: Float32Array; shape: readonly number[] } {
  const [units, samples, channels] = shape as [number, number, number];
  const size = samples * channels;
  const atoms = Float32Array.from(
    data,
    (_, index) => data[(index % units) * size + Math.floor(index / units)]!,
  );
  return { data: atoms, shape: [samples, channels, units] };
}
