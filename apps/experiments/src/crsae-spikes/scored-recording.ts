import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openRecording, parseTruth, type Recording, type SpikeTruth } from '@unrolled/data';
import { compareSortings, type UnitComparison, type UnitSpikes } from '@unrolled/metrics';
import { byNetwork, learnTemplates, sortRecording } from '@unrolled/spikes';

/** What sorting a recording without a hand on a knob gave, as plain data. */
export interface SortingResult {
  readonly file: string;
  readonly seconds: { readonly recording: number; readonly learning: number; readonly sorting: number };
  readonly units: readonly UnitResult[];
}

export interface UnitResult {
  readonly unit: number;
  readonly spikes: number;
  /** Hz */
  readonly rate: number;
  /** Share of inter-spike intervals below 2 ms. */
  readonly refractoryViolations: number;
}

export interface Sorting {
  readonly result: SortingResult;
  /** What peaks in the code of the network give, and how long that took. */
  readonly byNetwork: { readonly spikes: UnitSpikes; readonly seconds: number };
  readonly times: number[];
  readonly units: number[];
  /** `[units, time, channels]` */
  readonly templates: { readonly data: number[]; readonly shape: readonly number[] };
}

/** Learns and sorts a recording with nothing but its rate and the length of a template. */
export async function sortUntouched(
  recording: Recording,
  options: {
    readonly file: string;
    readonly rate: number;
    readonly duration: number;
    readonly seed: number;
    readonly signal: AbortSignal;
  },
): Promise<Sorting> {
  const { file, rate, duration, seed, signal } = options;
  const started = performance.now();
  const learned = await learnTemplates(recording, { rate, duration, seed, signal });
  const between = performance.now();
  const sorted = await sortRecording(recording, learned, { rate, signal });
  const ended = performance.now();
  const coded = await sortRecording(recording, learned, { rate, signal, find: byNetwork });
  const codedBy = performance.now();
  const times = Array.from(sorted.times);
  const units = Array.from(sorted.units);
  return {
    byNetwork: { spikes: { times: coded.times, units: coded.units }, seconds: (codedBy - ended) / 1000 },
    result: {
      file,
      seconds: {
        recording: recording.samples / rate,
        learning: (between - started) / 1000,
        sorting: (ended - between) / 1000,
      },
      units: Array.from({ length: sorted.templates.shape[0]! }, (_, unit) =>
        unitResult(unit, times, units, recording.samples, rate),
      ),
    },
    times,
    units,
    templates: { data: Array.from(sorted.templates.data), shape: sorted.templates.shape },
  };
}

function unitResult(
  unit: number,
  times: readonly number[],
  units: readonly number[],
  samples: number,
  rate: number,
): UnitResult {
  const own = times.filter((_, spike) => units[spike] === unit);
  const intervals = own.slice(1).map((time, index) => time - own[index]!);
  const violations = intervals.filter((interval) => interval < 0.002 * rate).length;
  return {
    unit,
    spikes: own.length,
    rate: own.length / (samples / rate),
    refractoryViolations: intervals.length === 0 ? 0 : violations / intervals.length,
  };
}

/** A recording of the data folder, closed after use. */
export async function withRecording<R>(
  folder: string,
  file: string,
  rate: number,
  use: (recording: Recording) => Promise<R>,
): Promise<R> {
  const recording = await openRecording(join(folder, file), { rate });
  try {
    return await use(recording);
  } finally {
    await recording.close();
  }
}

export async function readTruth(folder: string, file: string): Promise<SpikeTruth> {
  return parseTruth(await readFile(join(folder, file), 'utf8'));
}

/** How well each true unit was found, within half a millisecond unless said otherwise. */
export function score(
  truth: UnitSpikes,
  found: UnitSpikes,
  rate: number,
  options: { readonly together?: boolean; readonly tolerance?: number } = {},
): readonly UnitComparison[] {
  const { together = false, tolerance = 0.0005 } = options;
  return compareSortings(truth, found, { tolerance: tolerance * rate, together });
}
