import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { learnDictionary } from '@unrolled/dictionary-learning';
import { optimalCodes, sourceProblem } from '@unrolled/lsalsa';
import { fista, salsa } from '@unrolled/solvers';
import type { HostExamples } from '@unrolled/unroll';
import { fileStore } from '@unrolled/unroll/node';
import { trainClassifier } from '../pictures/classifier.ts';
import { columns, slice } from './examples.ts';
import { misclassified, round } from './measures.ts';
import type { ScenarioPlan } from './plan.ts';
import { type Probe, type Scenario, saveScenario, sourcesOf } from './scenario.ts';

/** What a scenario is made of. */
export interface Ingredients {
  /** Examples of every source alone, to learn its dictionary from. */
  readonly sources: readonly {
    readonly examples: HostExamples;
    readonly atoms: number;
    /** α of dictionary learning. */
    readonly weight: number;
  }[];
  /** Where the search for α_i* begins: well below the paper's, in its proportions. */
  readonly weights: readonly number[];
  readonly train: HostExamples;
  readonly test: HostExamples;
  readonly components: readonly HostExamples[];
  /** What is on the pictures of `test`, each of `group` signals. */
  readonly labels?: { readonly values: readonly number[]; readonly group: number };
}

/** Where a prepared scenario lies, and what was found on the way. */
export interface Prepared {
  readonly path: string;
  readonly train: number;
  readonly test: number;
  readonly features: number;
  readonly atoms: readonly number[];
  readonly weights: readonly number[];
  readonly penalty: number;
  /** Of how many parts the signals are known to be made. */
  readonly components: number;
  /** The components of the first test signals, source by source. */
  readonly shown: readonly (readonly number[])[];
  /** Of the optimal codes of the test signals, source by source. */
  readonly sparsity: readonly number[];
  /** ‖y − A x*‖² / ‖y‖² of the test signals. */
  readonly unexplained: number;
  /** Of the classifier on the codes that it was trained on. */
  readonly misclassified?: number;
  readonly seconds: { readonly dictionaries: number; readonly codes: number };
}

/** μ* of the paper. */
const penalty = 10;
/** Optimal codes are at least so sparse, as published. */
const leastSparsity = 0.89;

/** Dictionaries, α*, optimal codes and classifier of a scenario; what takes long is kept in the folder as it is found. */
export async function prepare(
  name: string,
  plan: ScenarioPlan,
  { sources, weights: first, train, test, components, labels }: Ingredients,
  { folder: results, signal }: { readonly folder: string; readonly signal: AbortSignal | undefined },
): Promise<Prepared> {
  const folder = join(results, 'codes');
  await mkdir(folder, { recursive: true });
  const started = performance.now();
  const atoms: HostExamples[] = [];
  for (const source of sources) {
    const options = {
      atoms: source.atoms,
      weight: source.weight,
      epochs: plan.dictionaryEpochs,
      constraint: 'sphere',
      codes: { tolerance: 1e-2, iterations: 100 },
    } as const;
    const learned = await learnDictionary(source.examples, {
      ...options,
      ...(signal && { signal }),
      checkpoint: {
        store: fileStore(join(folder, `dictionary-${digestOf(options, source.examples)}.safetensors`)),
      },
    });
    atoms.push({ data: learned.atoms.data, shape: learned.atoms.shape });
  }
  const learned = performance.now();
  const sizes = atoms.map(({ shape }) => shape[1]!);
  const split = (codes: HostExamples): HostExamples[] =>
    sizes.map((size, index) => {
      const start = sizes.slice(0, index).reduce((total, other) => total + other, 0);
      return columns(codes, start, start + size);
    });
  const codesOf = async (signals: HostExamples, weights: readonly number[], iterations: number) => {
    const device = sourcesOf({ atoms }, weights);
    const problem = sourceProblem(device);
    try {
      const iteration = atoms.length === 1 ? fista(problem) : salsa(problem, { penalty });
      const store = (key: string) => fileStore(join(folder, `${key}.safetensors`));
      return await optimalCodes(iteration, signals, { iterations, store, ...(signal && { signal }) });
    } finally {
      tf.dispose({ ...problem.prior.parameters });
      tf.dispose(device.map((source) => source.atoms));
    }
  };
  let weights = first;
  // Of both halves, for the pictures differ; α* is part of the question, not of an answer.
  const some = [slice(train, 0, plan.tried), slice(test, 0, plan.tried)];
  for (;;) {
    const codes = await Promise.all(some.map((signals) => codesOf(signals, weights, 100)));
    if (codes.flatMap(split).every((own) => sparsityOf(own) >= leastSparsity)) break;
    weights = weights.map((weight) => Number((weight * 1.25).toPrecision(4)));
  }
  const targets = {
    train: await codesOf(train, weights, plan.iterations),
    test: await codesOf(test, weights, plan.iterations),
  };
  const probe = labels && (await probeOf(split(targets.test)[0]!, labels));
  const scenario: Scenario = {
    atoms,
    weights,
    penalty,
    train: { signals: train, targets: targets.train },
    test: { signals: test, targets: targets.test },
    components,
    ...(probe && { probe }),
  };
  const path = join(results, `${name}-${digestOf({ weights, test: test.shape }, targets.train)}.safetensors`);
  await saveScenario(path, scenario);
  return {
    path,
    train: train.shape[0]!,
    test: test.shape[0]!,
    features: train.shape[1]!,
    atoms: sizes,
    weights,
    penalty,
    components: components.length,
    shown: components.map(({ data }) => Array.from(data.subarray(0, plan.pictures * train.shape[1]!), round)),
    sparsity: split(targets.test).map(sparsityOf),
    unexplained: unexplained(scenario),
    ...(probe && { misclassified: misclassified(probe, targets.test, sizes[0]!) }),
    seconds: { dictionaries: (learned - started) / 1000, codes: (performance.now() - learned) / 1000 },
  };
}

/** A prepared scenario that was kept is of use only while its file is there. */
export const isThere = ({ path }: Prepared): boolean => existsSync(path);

/** Names a run after what it follows from: other data or options are another run. */
const digestOf = (options: object, { data }: HostExamples): string =>
  createHash('sha256').update(JSON.stringify(options)).update(data).digest('hex').slice(0, 24);

async function probeOf(
  codes: HostExamples,
  { values, group }: NonNullable<Ingredients['labels']>,
): Promise<Probe> {
  const pictures = codes.shape[0]! / group;
  const features = { data: codes.data, shape: [pictures, group * codes.shape[1]!] };
  const labels = values.slice(0, pictures);
  const { weights } = await trainClassifier(features, labels, 3000);
  return { weights, labels: { data: Float32Array.from(labels), shape: [pictures, 1] }, group };
}

function sparsityOf({ data }: HostExamples): number {
  let zeros = 0;
  for (const value of data) if (value === 0) zeros++;
  return zeros / data.length;
}

function unexplained({ atoms, test }: Scenario): number {
  const whole = tf.tidy(() => {
    const a = tf.concat(
      atoms.map(({ data, shape }) => tf.tensor2d(data, shape as [number, number])),
      1,
    );
    const y = tf.tensor2d(test.signals.data, test.signals.shape as [number, number]);
    const x = tf.tensor2d(test.targets.data, test.targets.shape as [number, number]);
    const residual = tf.sub(y, tf.matMul(x, tf.transpose(a)));
    return tf.div(tf.sum(tf.square(residual)), tf.sum(tf.square(y)));
  });
  const [value] = whole.dataSync();
  whole.dispose();
  return value!;
}
