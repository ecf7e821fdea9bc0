import type { Gradient, Network } from '@unrolled/contracts';
import { requireKnownOptions } from '@unrolled/contracts';
import {
  adam,
  type Optimizer,
  reconstruction,
  type Stage,
  type TrainingEvent,
  type TrainOptions,
  train,
} from '@unrolled/unroll';
import type { Crsae } from './crsae.ts';
import type { NoiseLevel } from './noise-level.ts';
import type { HostArray } from './refit/spikes.ts';
import { refitStage } from './stages/refit-stage.ts';
import { noiseStage, rateInClosedForm, type Sparsity } from './stages/sparsity.ts';

/** Options of {@link trainCrsae}; those of `train` besides. */
export interface TrainCrsaeOptions extends Omit<TrainOptions, 'stages'> {
  /** σ, in units of the windows. */
  readonly noise: NoiseLevel;
  /** How λ is decided. Default: the M-step in closed form, one rate an atom. */
  readonly sparsity?: Sparsity;
  /** Of the filters; default Adam of rate 0.01. */
  readonly optimizer?: Optimizer;
  /** How gradients go back through the encoder; default through all of it. */
  readonly gradient?: Gradient;
  /** Recentre and re-seed filters after every epoch (`refitStage`), on these windows or at most 320 of the training ones. Default true. */
  readonly refit?: boolean | HostArray;
  /** Re-estimates σ from the residual at this learning rate; default never. */
  readonly noiseLearningRate?: number;
}

/**
 * Trains a CRsAE by its two-stage scheme, an E-step by the encoder and an M-step by backpropagation: on every batch the filters
 * descend on the reconstruction loss through the encoder, then λ is set from the codes found; after every epoch the
 * filters are recentred.
 *
 * It is `train` of `@unrolled/unroll` with a list of stages, and gives its events.
 *
 * @param windows `[windows, time, channels]` on the host
 * @example
 * for await (const event of trainCrsae(network, windows, { noise: noiseLevel(0.4), epochs: 8 })) console.log(event);
 * @see Tolooshams, Dey & Ba (2021), section III
 */
export function trainCrsae(
  network: Crsae,
  windows: HostArray,
  options: TrainCrsaeOptions,
): AsyncGenerator<TrainingEvent, void, void> {
  const {
    noise,
    sparsity = rateInClosedForm(),
    optimizer,
    gradient,
    refit = true,
    noiseLearningRate,
    ...rest
  } = options;
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
  const stages: Stage[] = [
    {
      name: 'filters',
      train: ['operator.filters', ...sparsity.withFilters],
      loss: reconstruction(gradient === undefined ? {} : { gradient }),
      optimizer: optimizer ?? adam({ rate: 0.01 }),
    },
    ...sparsity.stages(noise),
    ...(noiseLearningRate === undefined ? [] : [noiseStage(noise, { learningRate: noiseLearningRate })]),
    ...(refit === false ? [] : [refitStage(refit === true ? someOf(windows) : refit)]),
  ];
  return train(network as unknown as Network, windows, { ...rest, stages });
}

/** At most so many windows are refitted on: spikes are what counts, and these have plenty. */
const refittedWindows = 320;

function someOf({ data, shape }: HostArray): HostArray {
  const [examples, ...inner] = shape as [number, ...number[]];
  const kept = Math.min(examples, refittedWindows);
  return { data: data.subarray(0, (data.length / examples) * kept), shape: [kept, ...inner] };
}
