import { useBackend } from '@unrolled/backend';
import { isUnrolledError, type Network, random } from '@unrolled/contracts';
import { analysis, type Lsalsa } from '@unrolled/lsalsa';
import type { TaskRunner } from '@unrolled/parallel';
import type { HostExamples } from '@unrolled/unroll';
import { slice } from './examples.ts';
import { type CodeMeasures, componentOf, measure, round } from './measures.ts';
import {
  drawSettings,
  encodeAll,
  isLearned,
  type Method,
  networkOf,
  type Setting,
  trainOn,
} from './methods.ts';
import type { Round } from './plan.ts';
import { type Half, loadScenario, type Scenario } from './scenario.ts';

/** One method at one T: search, train, measure. Plain data, for a worker. */
export interface Job {
  /** Where the scenario lies. */
  readonly scenario: string;
  readonly method: Method;
  readonly layers: number;
  readonly seed: number;
  /** Of a learned method. */
  readonly settings: number;
  readonly rounds: readonly Round[];
  /** Settings that are only run, and on how many training signals. */
  readonly untrained: { readonly settings: number; readonly examples: number };
  readonly epochs: number;
  readonly batchSize: number;
  /** Components of so many test signals are kept for the pictures. */
  readonly pictures: number;
}

/** What is learned by LSALSA, beside SALSA. */
export interface LearnedCurvature {
  readonly learned: number;
  readonly classical: number;
  readonly change: number;
  readonly asymmetry: number;
}

export interface JobResult extends CodeMeasures {
  readonly method: Method;
  readonly layers: number;
  readonly setting: Setting;
  /** Mean loss of every epoch of the final training. */
  readonly losses: readonly number[];
  /** CPU seconds of this thread's process while it worked: search, training. */
  readonly seconds: { readonly search: number; readonly train: number };
  /** Components of the first test signals, source by source, `[pictures × features]`. */
  readonly pictures: readonly (readonly number[])[];
  readonly curvature?: LearnedCurvature;
}

/** The largest dictionary whose learned cost is looked at: an eigendecomposition is dear. */
const largestAnalysed = 256;

/** Jobs in a worker: scenarios are read once. */
export async function jobs(): Promise<TaskRunner<Job, JobResult>> {
  await useBackend('wasm');
  const scenarios = new Map<string, Promise<Scenario>>();
  return {
    run: async (job, signal) => {
      const known = scenarios.get(job.scenario) ?? loadScenario(job.scenario);
      scenarios.set(job.scenario, known);
      return runJob(await known, job, signal);
    },
  };
}

async function runJob(scenario: Scenario, job: Job, signal?: AbortSignal): Promise<JobResult> {
  const { method, layers } = job;
  const started = performance.now();
  const found = await search(scenario, job, signal);
  const searched = performance.now();
  const { network, setting, losses } = await trained(scenario, job, found, signal);
  try {
    const done = performance.now();
    const { codes, sparse } = await encodeAll(network, method, scenario.test.signals);
    const learned =
      method === 'lsalsa' && codes.shape[1]! <= largestAnalysed
        ? await analysis(network as Lsalsa)
        : undefined;
    return {
      method,
      layers,
      setting,
      losses,
      ...measure(scenario, codes, sparse),
      seconds: { search: (searched - started) / 1000, train: (done - searched) / 1000 },
      pictures: scenario.components.map((_, source) =>
        Array.from(componentOf(scenario, codes, source, job.pictures).data, round),
      ),
      ...(learned && {
        curvature: {
          learned: learned.curvature.learned.convexity,
          classical: learned.curvature.classical.convexity,
          change: learned.change,
          asymmetry: learned.asymmetry,
        },
      }),
    };
  } finally {
    network.dispose();
  }
}

/** A network with its final training: where that diverges, on ten times as many signals as the search saw, at a third of the rate. */
async function trained(
  scenario: Scenario,
  job: Job,
  setting: Setting,
  signal?: AbortSignal,
): Promise<{ readonly network: Network; readonly setting: Setting; readonly losses: readonly number[] }> {
  const network = await networkOf(scenario, job.method, job.layers, setting);
  if (!isLearned(job.method)) return { network, setting, losses: [] };
  try {
    return {
      network,
      setting,
      losses: await trainAll(network, scenario.train, job, setting, job.epochs, signal),
    };
  } catch (error) {
    network.dispose();
    if (!isUnrolledError(error, 'DIVERGED')) throw error;
    return trained(scenario, job, slower(setting), signal);
  }
}

const slower = (setting: Setting): Setting => ({ ...setting, rate: setting.rate! / 3 });

/**
 * The best of some random settings, by successive halving where they have to be trained: half of them are those that are best untrained,
 * as SALSA or ISTA, of as many as those methods themselves have.
 */
async function search(scenario: Scenario, job: Job, signal?: AbortSignal): Promise<Setting> {
  const { method, layers, rounds, settings, untrained } = job;
  const draw = random(job.seed).split(`${method} ${layers}`);
  const wide = drawSettings(scenario, method, untrained.settings, draw);
  const part = firstOf(scenario.train, untrained.examples);
  const ranked = await rank(scenario, job, wide, { part, epochs: 0, signal });
  if (!isLearned(method)) return ranked[0]!;
  const best = ranked.slice(0, Math.ceil(settings / 2));
  let candidates = [...best, ...drawSettings(scenario, method, settings - best.length, draw)];
  for (const { keep, examples, epochs } of rounds) {
    candidates = await rank(scenario, job, candidates.slice(0, keep), {
      part: firstOf(scenario.train, examples),
      epochs,
      signal,
    });
  }
  return candidates[0]!;
}

/** Settings by how near they come to the codes that they were trained on, the best first; those that diverge are left out. */
async function rank(
  scenario: Scenario,
  job: Job,
  settings: readonly Setting[],
  options: { readonly part: Half; readonly epochs: number; readonly signal: AbortSignal | undefined },
): Promise<Setting[]> {
  const { part, epochs, signal } = options;
  const scored: { setting: Setting; error: number }[] = [];
  for (const setting of settings) {
    const network = await networkOf(scenario, job.method, job.layers, setting);
    try {
      if (epochs > 0) await trainAll(network, part, job, setting, epochs, signal);
      const { codes } = await encodeAll(network, job.method, part.signals);
      scored.push({ setting, error: meanSquare(codes, part.targets) });
    } catch (error) {
      // A rate that was too large: the worst there is.
      if (!isUnrolledError(error, 'DIVERGED')) throw error;
    } finally {
      network.dispose();
    }
  }
  const finite = scored.filter(({ error }) => Number.isFinite(error)).sort((a, b) => a.error - b.error);
  return finite.length > 0 ? finite.map(({ setting }) => setting) : settings.map(slower);
}

async function trainAll(
  network: Network,
  half: Half,
  { method, batchSize }: Job,
  setting: Setting,
  epochs: number,
  signal?: AbortSignal,
): Promise<number[]> {
  const losses: number[] = [];
  const options = {
    epochs,
    batchSize: Math.min(batchSize, half.signals.shape[0]!),
    ...(signal && { signal }),
  };
  for await (const event of trainOn(network, method, half, setting, options))
    if (event.type === 'epoch') losses.push(round(event.losses['codes']!));
  return losses;
}

const firstOf = ({ signals, targets }: Half, count: number): Half => ({
  signals: slice(signals, 0, count),
  targets: slice(targets, 0, count),
});

function meanSquare(a: HostExamples, b: HostExamples): number {
  let total = 0;
  for (let index = 0; index < a.data.length; index++) total += (a.data[index]! - b.data[index]!) ** 2;
  return total / a.data.length;
}
