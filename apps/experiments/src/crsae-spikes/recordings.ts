import { join } from 'node:path';
import { talkSimulation } from '@unrolled/data';
import { dictionaryError, type UnitComparison, type UnitSpikes } from '@unrolled/metrics';
import type { ExperimentContext } from '../experiment.ts';
import { type PeerSorting, runPeer } from './peers.ts';
import {
  readTruth,
  type Sorting,
  type SortingResult,
  score,
  sortUntouched,
  withRecording,
} from './scored-recording.ts';

/** How well each true unit was found, by pursuit and in the code of the network. */
export interface Scores {
  readonly comparison: readonly UnitComparison[];
  readonly byNetwork: { readonly comparison: readonly UnitComparison[]; readonly seconds: number };
}

export interface TalkResult extends SortingResult, Scores {
  readonly minutes: number;
  /** Shift-aware, one a template. */
  readonly errors: readonly number[];
}

/** The talk's recording: 3 neurons, 10 kHz, 30 Hz, 16 dB; 17 minutes but in the smoke size. */
export function talk(context: ExperimentContext): Promise<TalkResult> {
  const { size, seed, signal, results } = context;
  const minutes = size === 'smoke' ? 0.25 : 17;
  return results.once('talk', { minutes, seed, finders: 2, baselineOfResidual: true }, async () => {
    const simulation = talkSimulation({ seed, duration: minutes * 60 });
    const rate = 10_000;
    const sorting = await sortUntouched(simulation.recording, {
      file: 'talk',
      rate,
      duration: 0.0045,
      seed,
      signal,
    });
    const error = dictionaryError(asFilters(simulation.templates), asFilters(sorting.templates));
    return {
      ...sorting.result,
      minutes,
      errors: Array.from(error.errors),
      ...scoresOf(simulation.truth, sorting, rate),
    };
  });
}

function scoresOf(truth: UnitSpikes, sorting: Sorting, rate: number): Scores {
  const { spikes, seconds } = sorting.byNetwork;
  return {
    comparison: score(truth, sorting, rate),
    byNetwork: { comparison: score(truth, spikes, rate), seconds },
  };
}

/** `[units, time, channels]` → `[time, channels, units]`. */
function asFilters({ data, shape }: { readonly data: ArrayLike<number>; readonly shape: readonly number[] }) {
  const [units, time, channels] = shape as [number, number, number];
  const size = time * channels;
  const turned = Float64Array.from(
    { length: units * size },
    (_, index) => data[(index % units) * size + Math.floor(index / units)]!,
  );
  return { data: turned, shape: [time, channels, units] };
}

export type HybridResult = SortingResult & Scores;

const hybrid = {
  file: 'spikes/hybrid_locust_trial01.npy',
  truth: 'spikes/hybrid_locust_trial01_truth.json',
  rate: 15_000,
};

/** Three units with known times added to a real recording; its own neurons have no truth and are not scored. */
export function hybridLocust(context: ExperimentContext, folder: string): Promise<HybridResult> {
  const { seed, signal, results } = context;
  return results.once('hybrid', { seed, finders: 2, baselineOfResidual: true }, () =>
    withRecording(folder, hybrid.file, hybrid.rate, async (recording) => {
      const sorting = await sortUntouched(recording, {
        file: hybrid.file,
        rate: hybrid.rate,
        duration: 0.003,
        seed,
        signal,
      });
      return {
        ...sorting.result,
        ...scoresOf(await readTruth(folder, hybrid.truth), sorting, hybrid.rate),
      };
    }),
  );
}

export interface PeerResult {
  readonly sorter: string;
  readonly version: string;
  readonly seconds: number;
  readonly units: number;
  readonly spikes: number;
  readonly comparison: readonly UnitComparison[];
}

/** The same recording through sorters of SpikeInterface, with the same scoring. */
export async function hybridPeers(
  context: ExperimentContext,
  folder: string,
  python: string,
): Promise<PeerResult[]> {
  const found: PeerResult[] = [];
  for (const sorter of ['spykingcircus2', 'tridesclous2']) {
    found.push(
      await context.results.once(`peer-${sorter}`, {}, async () => {
        const recording = { path: join(folder, hybrid.file), rate: hybrid.rate };
        const sorting: PeerSorting = await runPeer(python, recording, sorter, context.signal);
        return {
          sorter,
          version: sorting.version,
          seconds: sorting.seconds,
          units: new Set(sorting.units).size,
          spikes: sorting.times.length,
          comparison: score(await readTruth(folder, hybrid.truth), sorting, hybrid.rate),
        };
      }),
    );
  }
  return found;
}

export interface HeartbeatResult extends SortingResult {
  readonly record: string;
  /** All units that stand for beats, together. */
  readonly comparison: UnitComparison;
}

/** Heartbeats with annotated times: the same code at 360 Hz and 600 ms, tolerance 50 ms. */
export async function heartbeats(context: ExperimentContext, folder: string): Promise<HeartbeatResult[]> {
  const { seed, signal, results } = context;
  const rate = 360;
  const found: HeartbeatResult[] = [];
  for (const record of ['100', '103', '119']) {
    const file = `ecg/mitbih_${record}_MLII_10min.npy`;
    found.push(
      await results.once(`heartbeats-${record}`, { seed }, () =>
        withRecording(folder, file, rate, async (recording) => {
          const sorting = await sortUntouched(recording, { file, rate, duration: 0.6, seed, signal });
          const truth = await readTruth(folder, `ecg/mitbih_${record}_beats.json`);
          const beats = { times: truth.times, units: truth.times.map(() => 0) };
          const [comparison] = score(beats, sorting, rate, { together: true, tolerance: 0.05 });
          return { ...sorting.result, record, comparison: comparison! };
        }),
      ),
    );
  }
  return found;
}

/** Recordings without a truth: what can be checked is that no kept unit violates its refractory period. */
export async function recordingsWithoutTruth(
  context: ExperimentContext,
  folder: string,
): Promise<SortingResult[]> {
  const { seed, signal, results } = context;
  const found: SortingResult[] = [];
  for (const name of ['locust_trial01_raw', 'locust_tutorial_20s', 'purkinje_cell_attached_0-20s']) {
    const file = `spikes/${name}.npy`;
    found.push(
      await results.once(name, { seed }, () =>
        withRecording(folder, file, 15_000, async (recording) => {
          const { result } = await sortUntouched(recording, {
            file,
            rate: 15_000,
            duration: 0.003,
            seed,
            signal,
          });
          return result;
        }),
      ),
    );
  }
  return found;
}
