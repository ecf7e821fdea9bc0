import { Tensor } from '@tensorflow/tfjs-core';
import {
  type Gradient,
  type Likelihood,
  type Network,
  type Random,
  refuse,
  requireKnownOptions,
  requireOneOf,
} from '@unrolled/contracts';
import {
  adam,
  type BatchSource,
  batchSource,
  type Examples,
  type Optimizer,
  type Pair,
  type Penalty,
  penalized,
  randomShifts,
  shiftAveraged,
  type TrainingEvent,
  type TrainOptions,
  targetError,
  targetLikelihood,
  train,
  trainOptionNames,
} from '@unrolled/unroll';

/** Options of {@link trainDcea}; those of `train` besides. */
export interface TrainDceaOptions extends Omit<TrainOptions, 'stages'> {
  /**
   * `'likelihood'` (default): the network makes its input likely, −log p(y | η(y)), and needs nothing else. `'targets'`: its mean comes
   * near a clean target, ½‖target − mean(η(y))‖².
   */
  readonly on?: 'likelihood' | 'targets';
  /** Random shifts that a batch is averaged over, for a strided network. Default: no averaging, of signals whose size fits. */
  readonly shifts?: number;
  /** Default Adam of rate 1e-3, with ε = 1e-3. */
  readonly optimizer?: Optimizer;
  /** How gradients go back through the encoder; default through all of it. */
  readonly gradient?: Gradient;
  /** What is to be small besides: `[smoothness('operator.filters', 0.003)]`. */
  readonly penalties?: readonly Penalty[];
}

/**
 * Trains a DCEA network by backpropagation through its encoder, all that it was told to train together.
 *
 * It is `train` of `@unrolled/unroll` with one stage, `network`, and gives its events. The loss is a sum over coordinates and a mean over
 * the batch: {@link targetError} says how that relates to the papers' mean over pixels, and what it means for Adam's ε.
 *
 * On the likelihood alone nothing holds a weight of the prior up, for every code that is less sparse makes the data likelier: leave it out
 * of `train` of `dcea`.
 *
 * A loss or gradient that is not finite ends in DIVERGED, with the parameters of the last good step, not skipped silently; `clipped`
 * of `@unrolled/unroll` keeps the rare batch on which e^η is huge from getting there.
 *
 * @param network changed in place
 * @param source `on: 'likelihood'`: examples `[examples, …]`, or batches of them; `on: 'targets'`: batches of pairs
 * @throws INVALID_ARGUMENT, UNKNOWN_OPTION; by the likelihood, for examples that it cannot have made. What `train` throws, while it runs
 * @example
 * // Photon images, on clean targets: two of the 49 shifts a step.
 * for await (const event of trainDcea(network, pairedMinibatches(counts, rates, 4), { on: 'targets', shifts: 2, epochs: 20 }))
 *   if (event.type === 'epoch') console.log(event.epoch, event.losses);
 * @example
 * // Spike counts, on themselves.
 * for await (const event of trainDcea(network, counts, { epochs: 20, batchSize: 32 })) …
 * @see Tolooshams, Song, Temereanca & Ba, ICML 2020, section 4
 */
export function trainDcea(
  network: Network,
  source: BatchSource<Pair> | BatchSource<Pair>['epoch'],
  options: TrainDceaOptions & { readonly on: 'targets' },
): AsyncGenerator<TrainingEvent, void, void>;
export function trainDcea(
  network: Network,
  source: Examples | BatchSource | BatchSource['epoch'],
  options: TrainDceaOptions & { readonly on?: 'likelihood' },
): AsyncGenerator<TrainingEvent, void, void>;
export async function* trainDcea(
  network: Network,
  source: Examples | BatchSource<Tensor | Pair> | BatchSource<Tensor | Pair>['epoch'],
  options: TrainDceaOptions,
): AsyncGenerator<TrainingEvent, void, void> {
  const { on, shifts, optimizer, gradient, penalties, batchSize, ...rest } = options;
  requireKnownOptions('trainDcea', rest, trainOptionNames);
  const onTargets = requireOneOf('on', on ?? 'likelihood', ['likelihood', 'targets']) === 'targets';
  if (!onTargets) await requireData(source, network.problem().likelihood);
  const batches = batchSource<Tensor | Pair>(source as BatchSource<Tensor | Pair>, batchSize);
  const pairs = onTargets ? (batches as BatchSource<Pair>) : withThemselves(batches as BatchSource);
  const lossOptions = gradient === undefined ? {} : { gradient };
  const loss = onTargets ? targetError(lossOptions) : targetLikelihood(lossOptions);
  const stage = {
    name: 'network',
    train: trainedNames(network),
    loss: penalties === undefined ? loss : penalized(loss, penalties),
    optimizer: optimizer ?? adam({ rate: 1e-3, epsilon: 1e-3 }),
  };
  const shifted = shifts === undefined ? pairs : randomShifts(pairs, shiftAveraged(network), shifts);
  yield* train(network, shifted, { ...rest, stages: [stage] });
}

/** The names that stages know: without the layer that a copy is for, and the decoder's own with the operator's. */
function trainedNames({ variables }: Network): string[] {
  const trainable = Object.entries(variables).filter(([, variable]) => variable.trainable);
  if (trainable.length === 0) refuse('network', 'nothing to train', 'a network with trainable parameters');
  const names = trainable.map(([name]) => name.replace(/\/\d+$/, '').replace(/^decoder\./, 'operator.'));
  return [...new Set(names)];
}

/** Batches of signals, each its own target. */
const withThemselves = (source: BatchSource): BatchSource<Pair> => ({
  ...(source.batches !== undefined && { batches: source.batches }),
  async *epoch(random: Random) {
    for await (const y of source.epoch(random)) yield { input: y, target: y };
  },
});

/** Refuses examples that the likelihood cannot have made, where there are any to look at. */
async function requireData(source: unknown, { requireData: require }: Likelihood): Promise<void> {
  if (!require || typeof source === 'function' || typeof (source as BatchSource).epoch === 'function') return;
  const tensors = Array.isArray(source) ? source : [source];
  for (const [index, examples] of (tensors as (Tensor | { data: Float32Array })[]).entries()) {
    const values = examples instanceof Tensor ? await examples.data() : examples.data;
    require(Array.isArray(source) ? `source[${index}]` : 'source', values);
  }
}
