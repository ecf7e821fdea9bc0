import { type Gradient, refuse, requireKnownOptions, requirePositive } from '@unrolled/contracts';
import {
  adam,
  type BatchSource,
  type HostExamples,
  type Optimizer,
  type Pair,
  type TrainingEvent,
  type TrainOptions,
  train,
  trainOptionNames,
} from '@unrolled/unroll';
import { batchCodes } from './batch-codes.ts';
import type { Crsae } from './crsae.ts';
import { type NoiseLevel, requireNoise } from './noise-level.ts';
import { noiseStage } from './noise-stage.ts';
import { ratesOf } from './rate/rates-of.ts';
import { refitStage } from './refit/refit-stage.ts';
import { rateInClosedForm } from './sparsity/rate-in-closed-form.ts';
import type { Sparsity } from './sparsity/sparsity.ts';
import { filtersStage, onInputs, pairedFiltersStage } from './stages.ts';
import { stepGuard } from './step-guard.ts';
import { isOfImages, requireWindows, spread } from './training-windows.ts';

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
  /** Recentre and sharpen the filters after every epoch (`refitStage`). Default true; not for images, nor for pairs. */
  readonly refit?: boolean;
  /** The windows that `refit` looks at; default at most 320 of those trained on, from all over them. */
  readonly refitWindows?: HostExamples;
  /** Re-estimates σ from the residual at this learning rate in (0, 1] (`noiseStage`); default never. Not for pairs. */
  readonly noiseLearningRate?: number;
}

/** As many windows have spikes enough to refit on. */
const refittedWindows = 320;

/**
 * Trains a CRsAE by its two-stage scheme, an E-step by the encoder and an M-step by backpropagation: on every batch the filters
 * descend on the reconstruction loss through the encoder, then λ (and σ, where asked for) is set from the same codes; after every
 * epoch the filters are recentred, and those of images have their step guarded (`stepGuard`).
 *
 * It is `train` of `@unrolled/unroll` with a list of stages (`filters`, `rate`, `noise`, `refit`, `step`), and gives its events. Their
 * `summary` has λ, `rate/0`, `rate/1`, …, and σ, `noise`.
 *
 * @param windows `[windows, time, channels]` or `[images, height, width, channels]` on the host
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
): AsyncGenerator<TrainingEvent, void, void>;
/**
 * Trains a CRsAE to denoise: the filters descend on the distance to clean targets (`targetError`). Pairs with shifts (`randomShifts`) are
 * reconstructed by the mean over their shifts, and λ is set from the codes of all shifted copies.
 *
 * @param pairs noisy inputs and clean targets, of any size where they have shifts
 * @example
 * const pairs = randomShifts(noisyCrops(pictures, options), shiftAveraged(network), 2);
 * for await (const event of trainCrsae(network, pairs, { noise: noiseLevel(20 / 255), epochs: 8 })) console.log(event);
 * @see Tolooshams, Dey & Ba (2021), section V: image denoising
 */
export function trainCrsae(
  network: Crsae,
  pairs: BatchSource<Pair>,
  options: TrainCrsaeOptions,
): AsyncGenerator<TrainingEvent, void, void>;
export function trainCrsae(
  network: Crsae,
  examples: HostExamples | BatchSource<Pair>,
  options: TrainCrsaeOptions,
): AsyncGenerator<TrainingEvent, void, void> {
  const { noise, sparsity, optimizer, gradient, refit, refitWindows, noiseLearningRate, ...rest } = options;
  requireKnownOptions('trainCrsae', rest, trainOptionNames);
  requireNoise(noise);
  const images = isOfImages(network);
  const pairs = 'epoch' in examples ? examples : undefined;
  const windows = 'epoch' in examples ? undefined : examples;
  if (windows) requireWindows('windows', windows, network);
  const refits = refit ?? !(images || pairs);
  if (refits && (images || pairs)) refuse('refit', refit, 'false for images and for pairs');
  if (refitWindows !== undefined) {
    if (!refits) refuse('refitWindows', refitWindows, 'none where nothing is refitted');
    requireWindows('refitWindows', refitWindows, network);
  }
  if (noiseLearningRate !== undefined) {
    requirePositive('noiseLearningRate', noiseLearningRate);
    if (pairs) refuse('noiseLearningRate', noiseLearningRate, 'none for pairs, which have their noise');
  }
  const rule = sparsity ?? rateInClosedForm();
  if (typeof rule.stages !== 'function') refuse('sparsity', sparsity, 'a rule such as rateInClosedForm()');

  const codes = batchCodes();
  const filters = { network, rule, codes, optimizer: optimizer ?? adam({ rate: 0.01 }), gradient };
  const rates = rule.stages(noise, codes);
  const guard = images ? [stepGuard] : [];
  const common = { ...rest, summary: summaryOf(noise, rest.summary) };
  const begin = (): AsyncGenerator<TrainingEvent, void, void> => {
    if (pairs)
      return train<Pair>(network, pairs, {
        ...common,
        stages: [pairedFiltersStage(filters), ...rates.map(onInputs), ...guard],
      });
    const noiseStages =
      noiseLearningRate === undefined ? [] : [noiseStage(noise, codes, { learningRate: noiseLearningRate })];
    const refitStages = refits ? [refitStage(refitWindows ?? spread(windows!, refittedWindows))] : [];
    const stages = [filtersStage(filters), ...rates, ...noiseStages, ...refitStages, ...guard];
    return train(network, windows!, { ...common, stages });
  };
  const events = begin();
  return (async function* () {
    try {
      yield* events;
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
