import {
  type Gradient,
  refuse,
  requireKnownOptions,
  requirePositive,
  requireShape,
} from '@unrolled/contracts';
import {
  adam,
  type HostExamples,
  type Optimizer,
  reconstruction,
  type Stage,
  type TrainingEvent,
  type TrainOptions,
  train,
} from '@unrolled/unroll';
import { batchCodes } from './batch-codes.ts';
import type { Crsae } from './crsae.ts';
import { type NoiseLevel, requireNoise } from './noise-level.ts';
import { noiseStage } from './noise-stage.ts';
import { ratesOf } from './rate/rates-of.ts';
import { requireHostBatch } from './refit/host-batch.ts';
import { refitStage } from './refit/refit-stage.ts';
import { rateInClosedForm } from './sparsity/rate-in-closed-form.ts';
import type { Sparsity } from './sparsity/sparsity.ts';

/** Options of {@link trainCrsae}; those of `train` besides. */
export interface TrainCrsaeOptions extends Omit<TrainOptions, 'stages'> {
  /** σ, in units of the windows. */
  readonly noise: NoiseLevel;
  /** How λ is decided. Default `rateInClosedForm()`: the M-step in closed form, one rate an atom. */
  readonly sparsity?: Sparsity;
  /** Of the filters; default Adam of rate 0.01. */
  readonly optimizer?: Optimizer;
  /** How gradients go back through the encoder; default through all of it. */
  readonly gradient?: Gradient;
  /** Recentre and sharpen the filters after every epoch (`refitStage`). Default true. */
  readonly refit?: boolean;
  /** The windows that `refit` looks at; default at most 320 of those trained on, from all over them. */
  readonly refitWindows?: HostExamples;
  /** Re-estimates σ from the residual at this learning rate in (0, 1] (`noiseStage`); default never. */
  readonly noiseLearningRate?: number;
}

/** As many windows have spikes enough to refit on. */
const refittedWindows = 320;

/**
 * Trains a CRsAE by its two-stage scheme, an E-step by the encoder and an M-step by backpropagation: on every batch the filters
 * descend on the reconstruction loss through the encoder, then λ (and σ, where asked for) is set from the same codes; after every
 * epoch the filters are recentred.
 *
 * It is `train` of `@unrolled/unroll` with a list of stages (`filters`, `rate`, `noise`, `refit`), and gives its events. Their
 * `summary` has λ, `rate/0`, `rate/1`, …, and σ, `noise`.
 *
 * @param windows `[windows, time, channels]` on the host
 * @throws INVALID_SHAPE, NOT_FINITE for windows that the filters do not fit; INVALID_ARGUMENT, UNKNOWN_OPTION for options: before any
 *   work. What `train` throws, while it runs
 * @example
 * for await (const event of trainCrsae(network, windows, { noise: noiseLevel(0.4), epochs: 8 }))
 *   if (event.type === 'epoch') console.log(event.epoch, event.losses, event.summary);
 * @see Tolooshams, Dey & Ba (2021), section III
 */
export function trainCrsae(
  network: Crsae,
  windows: HostExamples,
  options: TrainCrsaeOptions,
): AsyncGenerator<TrainingEvent, void, void> {
  const { noise, sparsity, optimizer, gradient, refit, refitWindows, noiseLearningRate, ...rest } = options;
  requireKnownOptions('trainCrsae', rest, [
    'epochs',
    'batchSize',
    'seed',
    'validation',
    'patience',
    'signal',
    'checkpoint',
    'summary',
  ]);
  requireNoise(noise);
  requireWindows('windows', windows, network);
  if (refitWindows !== undefined) requireWindows('refitWindows', refitWindows, network);
  if (refit === false && refitWindows !== undefined)
    refuse('refitWindows', refitWindows, 'none, as refit is false');
  if (noiseLearningRate !== undefined) requirePositive('noiseLearningRate', noiseLearningRate);
  const rule = sparsity ?? rateInClosedForm();
  if (typeof rule.stages !== 'function') refuse('sparsity', sparsity, 'a rule such as rateInClosedForm()');
  const codes = batchCodes();
  const loss = reconstruction(gradient === undefined ? {} : { gradient });
  const stages: Stage[] = [
    {
      name: 'filters',
      train: ['operator.filters', ...rule.withFilters],
      loss: (watched, batch) => loss(codes.watch(watched), batch),
      optimizer: optimizer ?? adam({ rate: 0.01 }),
    },
    ...rule.stages(noise, codes),
    ...(noiseLearningRate === undefined
      ? []
      : [noiseStage(noise, codes, { learningRate: noiseLearningRate })]),
    ...(refit === false ? [] : [refitStage(refitWindows ?? spread(windows, refittedWindows))]),
  ];
  return (async function* () {
    try {
      yield* train(network, windows, { ...rest, stages, summary: summaryOf(noise, rest.summary) });
    } finally {
      codes.dispose();
    }
  })();
}

/** λ of every atom and σ, and whatever else was asked for. */
function summaryOf(noise: NoiseLevel, more: TrainOptions['summary']): NonNullable<TrainOptions['summary']> {
  return async (network) => {
    const rates = await ratesOf(network, noise);
    const named = Array.from(rates, (rate, atom) => [`rate/${atom}`, rate] as const);
    return { ...Object.fromEntries(named), noise: noise.deviation, ...(await more?.(network)) };
  };
}

function requireWindows(name: string, windows: HostExamples, network: Crsae): void {
  const { operator } = network.problem();
  const channels = operator.parameters.filters.shape[1]!;
  requireHostBatch(name, windows, '[windows, time, channels]');
  requireShape(name, windows.shape, [-1, -1, channels], '[windows, time, channels]');
  operator.codeShape(windows.shape);
}

/** At most so many of the windows, at even distances. */
function spread({ data, shape }: HostExamples, most: number): HostExamples {
  const [examples, ...inner] = shape as [number, ...number[]];
  if (examples <= most) return { data, shape };
  const size = data.length / examples;
  const some = new Float32Array(most * size);
  for (let row = 0; row < most; row++) {
    const start = Math.floor((row * examples) / most) * size;
    some.set(data.subarray(start, start + size), row * size);
  }
  return { data: some, shape: [most, ...inner] };
}
