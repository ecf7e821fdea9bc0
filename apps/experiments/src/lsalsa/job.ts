import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
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
  splits,
  withRates,
} from './methods.ts';
import type { Round } from './plan.ts';
import { type Half, loadScenario, type Scenario } from './scenario.ts';
import { trainBest } from './training.ts';

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
  /** Loss on held-out signals: untrained, then after every epoch of the final training. */
  readonly losses: readonly number[];
  /** The epoch that was kept; 0: untrained. */
  readonly best: number;
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
  const { network, training } = await trained(scenario, job, found, signal);
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
      setting: found,
      losses: training.losses.map(round),
      best: training.best,
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

/** A network with its final training. */
async function trained(scenario: Scenario, job: Job, setting: Setting, signal?: AbortSignal) {
  const network = await networkOf(scenario, job.method, job.layers, setting);
  const training = isLearned(job.method)
    ? await trainBest(network, job.method, scenario.train, setting, { ...ofTraining(job), signal })
    : { losses: [], best: 0 };
  return { network, training };
}

const ofTraining = ({ epochs, batchSize }: Pick<Job, 'epochs' | 'batchSize'>) => ({ epochs, batchSize });

/**
 * The best of some random settings. Those of SALSA are LSALSA's too, which it starts from; where a method is trained, half of its settings
 * are those that are best untrained, each gets a rate of its own, and successive halving finds the best.
 */
async function search(scenario: Scenario, job: Job, signal?: AbortSignal): Promise<Setting> {
  const { method, layers, rounds, settings, untrained, seed } = job;
  const start = method === 'lsalsa' ? 'salsa' : method;
  const wide = drawSettings(scenario, start, untrained.settings, random(seed).split(`${start} ${layers}`));
  const part = firstOf(scenario.train, untrained.examples);
  const ranked = await rank(scenario, job, wide, { part, epochs: 0, signal });
  if (!isLearned(method)) return ranked[0]!;
  const draw = random(seed).split(`${method} ${layers} trained`);
  const drawn = drawSettings(scenario, method, Math.floor(settings / 2) + 1, draw).slice(1);
  // A quarter of them read x_T and a quarter u_{T+1}, which is worse before training and better after it.
  const readings = splits(method) ? (['x', 'u'] as const) : [undefined];
  const most = Math.ceil((settings - drawn.length) / readings.length);
  const best = readings.flatMap((code) => ranked.filter((one) => one.code === code).slice(0, most));
  const atoms = scenario.atoms.reduce((sum, { shape }) => sum + shape[1]!, 0);
  let candidates = withRates([...best, ...drawn], { atoms, layers }, draw);
  for (const { keep, examples, epochs } of rounds) {
    candidates = await rank(scenario, job, candidates.slice(0, keep), {
      part: firstOf(scenario.train, examples),
      epochs,
      signal,
    });
  }
  return candidates[0]!;
}

/** Settings by how near they come to the codes that they were trained on, the best first. */
async function rank(
  scenario: Scenario,
  job: Job,
  settings: readonly Setting[],
  options: { readonly part: Half; readonly epochs: number; readonly signal: AbortSignal | undefined },
): Promise<Setting[]> {
  const { part, epochs, signal } = options;
  const { method, layers, batchSize } = job;
  const scored: { setting: Setting; error: number }[] = [];
  for (const setting of settings) {
    const network = await networkOf(scenario, method, layers, setting);
    try {
      if (epochs > 0) await trainBest(network, method, part, setting, { epochs, batchSize, signal });
      const { codes } = await encodeAll(network, method, part.signals);
      scored.push({ setting, error: meanSquare(codes, part.targets) });
    } finally {
      network.dispose();
    }
  }
  return scored.sort((a, b) => a.error - b.error).map(({ setting }) => setting);
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
