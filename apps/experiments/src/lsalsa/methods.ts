import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Network, Random } from '@unrolled/contracts';
import { lista } from '@unrolled/lista';
import {
  type Lsalsa,
  type LsalsaCode,
  lsalsa,
  type Source,
  sourceProblem,
  sparsify,
  trainLsalsa,
} from '@unrolled/lsalsa';
import { fista, salsa } from '@unrolled/solvers';
import {
  adam,
  clipped,
  codeError,
  type HostExamples,
  pairedMinibatches,
  sgd,
  type TrainingEvent,
  train,
  unroll,
} from '@unrolled/unroll';
import { type Half, type Scenario, sourcesOf } from './scenario.ts';

export type Method = 'fista' | 'salsa' | 'lista' | 'lsalsa';

export const methods: readonly Method[] = ['fista', 'salsa', 'lista', 'lsalsa'];

export const isLearned = (method: Method): boolean => method === 'lista' || method === 'lsalsa';
export const splits = (method: Method): boolean => method === 'salsa' || method === 'lsalsa';

/** Hyper-parameters of a method at one T. */
export interface Setting {
  /** α of every source; FISTA and LISTA have one for all, as published. */
  readonly weights: readonly number[];
  /** μ, of SALSA and LSALSA. */
  readonly penalty?: number;
  /** Of SALSA and LSALSA: x_T, or u_{T+1}. */
  readonly code?: LsalsaCode;
  /** Of LISTA and LSALSA: plain gradient descent, as published, or Adam. */
  readonly optimizer?: 'sgd' | 'adam';
  readonly rate?: number;
  /** By how much the rate has fallen at the end. */
  readonly decay?: number;
}

/** Random settings: the first has the α* and μ* of the optimal codes, the others are drawn around them, log-uniformly. */
export function drawSettings(scenario: Scenario, method: Method, count: number, random: Random): Setting[] {
  const drawn = (weight: number, index: number): number =>
    index === 0 ? weight : weight * logUniform(random, 0.3, 1.7);
  return Array.from({ length: count }, (_, index) => {
    const { weights } = scenario;
    const one = drawn(
      weights.reduce((product, weight) => product * weight, 1) ** (1 / weights.length),
      index,
    );
    return {
      weights: splits(method) ? weights.map((weight) => drawn(weight, index)) : weights.map(() => one),
      ...(splits(method) && {
        penalty: index === 0 ? scenario.penalty : logUniform(random, 0.3, 30),
        code: index === 0 ? ('x' as const) : (['x', 'u'] as const)[random.integer(2)]!,
      }),
    };
  });
}

/**
 * Settings with a random way to be trained. An update of Adam moves every entry of a matrix by the rate, and so the matrix, as a map, by
 * the rate times its size: rates are drawn in parts of that. Layers that share a matrix feel it as often as there are of them.
 */
export function withRates(
  settings: readonly Setting[],
  { atoms, layers }: { readonly atoms: number; readonly layers: number },
  random: Random,
): Setting[] {
  const scale = 100 / (atoms * Math.sqrt(layers));
  return settings.map((setting) => {
    const optimizer = random.uniform() < 0.75 ? 'adam' : 'sgd';
    return {
      ...setting,
      optimizer,
      rate:
        optimizer === 'adam'
          ? logUniform(random, 1e-4, 3e-3) * scale
          : logUniform(random, 1e-3, 1e-1) / layers,
      decay: [1, 0.1, 0.01][random.integer(3)]!,
    };
  });
}

const logUniform = (random: Random, low: number, high: number): number =>
  low * (high / low) ** random.uniform();

/** A method at one T with these settings, as a network, untrained; frees what it was made of with it. */
export async function networkOf(
  scenario: Scenario,
  method: Method,
  layers: number,
  setting: Setting,
): Promise<Network> {
  const sources = sourcesOf(scenario, setting.weights);
  try {
    if (method === 'lsalsa')
      return await lsalsa({ sources, penalty: setting.penalty!, layers, code: setting.code! });
    return await unrolled(method, sources, layers, setting);
  } finally {
    tf.dispose(sources.map(({ atoms }) => atoms));
  }
}

async function unrolled(
  method: Exclude<Method, 'lsalsa'>,
  sources: readonly Source[],
  layers: number,
  { penalty = 1, code = 'x' }: Setting,
): Promise<Network> {
  const problem = sourceProblem(sources);
  try {
    if (method === 'fista') return await unroll(fista(problem), { layers });
    if (method === 'salsa') {
      const network = await unroll(salsa(problem, { penalty, code }), { layers });
      return Object.freeze({ ...network, code });
    }
    return await lista(problem, { layers });
  } finally {
    tf.dispose({ ...problem.prior.parameters });
  }
}

/** How a learned method is trained. */
export interface TrainingOptions {
  readonly epochs: number;
  readonly batchSize: number;
  /** Longer gradients are cut. */
  readonly clip: number;
  readonly validation: (network: Network) => Tensor;
  readonly patience: number;
  readonly signal?: AbortSignal;
}

/** Trains a learned method on the optimal codes. */
export function trainOn(
  network: Network,
  method: Method,
  { signals, targets }: Half,
  { optimizer: kind, rate: first, decay }: Setting,
  { clip, ...options }: TrainingOptions,
): AsyncGenerator<TrainingEvent, void, void> {
  const steps = options.epochs * Math.ceil(signals.shape[0]! / options.batchSize);
  const rate = (step: number): number => first! * decay! ** ((step - 1) / steps);
  const optimizer = clipped(kind === 'adam' ? adam({ rate }) : sgd({ rate }), clip);
  // Epochs of a falling rate may change little before it falls: it is the held-out signals that end a training.
  if (method === 'lsalsa')
    return trainLsalsa(network as Lsalsa, signals, { ...options, targets, optimizer, tolerance: 0 });
  const { batchSize, ...others } = options;
  // α is searched, not trained, for both learned methods.
  const stage = { name: 'codes', train: ['analysis', 'recurrence'], loss: codeError(), optimizer };
  return train(network, pairedMinibatches(signals, targets, batchSize), { ...others, stages: [stage] });
}

/** Codes of signals, some at a time, and the same with exact zeros as they are reported. */
export async function encodeAll(
  network: Network,
  method: Method,
  signals: HostExamples,
): Promise<{ readonly codes: HostExamples; readonly sparse: HostExamples }> {
  const [count, features] = signals.shape as [number, number];
  let codes: Float32Array | undefined;
  let sparse: Float32Array | undefined;
  let width = 0;
  for (let start = 0; start < count; start += 500) {
    const end = Math.min(start + 500, count);
    const y = tf.tensor2d(signals.data.subarray(start * features, end * features), [end - start, features]);
    const code = network.encode(y);
    const zeroed = splits(method) ? sparsify(network as Lsalsa, code) : code;
    width = code.shape[1]!;
    codes ??= new Float32Array(count * width);
    sparse ??= new Float32Array(count * width);
    codes.set(await code.data(), start * width);
    sparse.set(await zeroed.data(), start * width);
    tf.dispose([y, code, zeroed]);
  }
  const shape = [count, width];
  return { codes: { data: codes!, shape }, sparse: { data: sparse!, shape } };
}
