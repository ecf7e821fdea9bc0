import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseNpy } from '@unrolled/formats';
import { binomialCounts, type CountFamily, poissonCounts } from './families.ts';

/** Trials of several groups: a neuron under a stimulus, or under an instruction. */
export interface TrialSet {
  readonly name: string;
  readonly groupNames: readonly string[];
  /** `[groups, trials, bins]` */
  readonly counts: { readonly data: Float32Array; readonly shape: readonly [number, number, number] };
  /** Of a bin, and where the first one begins; s. */
  readonly bin: number;
  readonly start: number;
  /** A count of one trial is out of so many; undefined: out of no number. */
  readonly outOf: number | undefined;
  /** K, bins. */
  readonly atomLength: number;
  readonly atoms: number;
  /** When something happened, and until when its answers may begin; s. */
  readonly window: readonly [number, number];
}

/** Trials held out in turn: trial t in fold t mod 5. */
export const folds = 5;

/** The family of counts that are summed over some trials. */
export function familyOf(set: TrialSet, summed: Float32Array, trials: number): CountFamily {
  if (set.outOf !== undefined) return binomialCounts(set.outOf * trials);
  return poissonCounts(2 * summed.reduce((most, count) => Math.max(most, count), 1));
}

/** Counts summed over the trials that are asked for: `[groups, bins]`. */
export function summed(
  { counts }: TrialSet,
  chosen: (trial: number) => boolean,
): { sum: Float32Array; trials: number } {
  const [groups, trials, bins] = counts.shape;
  const sum = new Float32Array(groups * bins);
  const own = Array.from({ length: trials }, (_, trial) => trial).filter(chosen);
  for (let group = 0; group < groups; group++)
    for (const trial of own)
      for (let bin = 0; bin < bins; bin++)
        sum[group * bins + bin]! += counts.data[(group * trials + trial) * bins + bin]!;
  return { sum, trials: own.length };
}

/** Sub-thalamic neuron, 25 movements in each of two directions: spikes of 1 ms bins, fifty to one. */
export async function movementTrials(folder: string): Promise<TrialSet> {
  const { data, shape } = await numbers(folder, 'case_studies_ch10_trains_50x2000.npy');
  const directions = (await numbers(folder, 'case_studies_ch10_direction.npy')).data;
  const [, bins] = shape as [number, number];
  const rows = [0, 1].flatMap((direction) =>
    Array.from(directions.keys()).filter((trial) => directions[trial] === direction),
  );
  const ordered = new Float32Array(rows.length * bins);
  rows.forEach((trial, row) => {
    ordered.set(data.subarray(trial * bins, (trial + 1) * bins), row * bins);
  });
  return {
    name: 'sub-thalamic neuron',
    groupNames: ['direction 0', 'direction 1'],
    counts: binned(ordered, [2, rows.length / 2, bins], 50),
    bin: 0.05,
    start: -1,
    outOf: 50,
    atomLength: 20,
    atoms: 2,
    window: [-0.1, 0],
  };
}

/** Five neurons of a locust's antennal lobe, 25 trials of each of two odours from 10 s on; 28 s of each trial, in bins of 100 ms. */
export async function odourTrials(folder: string): Promise<TrialSet> {
  const odours = ['C3H_1', 'Citral'];
  const parts = await Promise.all(
    odours.map((odour) => numbers(folder, `locust20010214_${odour}_counts_10ms.npy`)),
  );
  const [units, trials, all] = parts[0]!.shape as [number, number, number];
  const kept = 2800;
  const data = new Float32Array(parts.length * units * trials * kept);
  parts.forEach((part, odour) => {
    for (let row = 0; row < units * trials; row++)
      data.set(part.data.subarray(row * all, row * all + kept), (odour * units * trials + row) * kept);
  });
  return {
    name: 'antennal lobe',
    groupNames: odours.flatMap((odour) =>
      Array.from({ length: units }, (_, unit) => `unit ${unit + 1}, ${odour}`),
    ),
    counts: binned(data, [parts.length * units, trials, kept], 10),
    bin: 0.1,
    start: 0,
    outOf: undefined,
    atomLength: 20,
    atoms: 3,
    window: [9.5, 14],
  };
}

async function numbers(
  folder: string,
  file: string,
): Promise<{ data: Float32Array; shape: readonly number[] }> {
  const { data, shape } = parseNpy(await readFile(join(folder, 'counts', file)));
  return { data: Float32Array.from(data as ArrayLike<number>), shape };
}

/** So many bins made one. */
function binned(
  data: Float32Array,
  shape: readonly [number, number, number],
  width: number,
): TrialSet['counts'] {
  const [groups, trials, bins] = shape;
  const sums = new Float32Array(data.length / width);
  data.forEach((count, index) => {
    sums[Math.floor(index / width)]! += count;
  });
  return { data: sums, shape: [groups, trials, bins / width] };
}
