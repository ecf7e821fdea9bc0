import { refuse, requireKnownOptions, requireNonNegative, requirePositive } from '@unrolled/contracts';
import {
  codeError,
  type HostExamples,
  lasso,
  minibatches,
  type Optimizer,
  pairedMinibatches,
  sgd,
  type TrainingEvent,
  type TrainOptions,
  train,
  trainOptionNames,
} from '@unrolled/unroll';
import type { Lsalsa } from './lsalsa.ts';

/** Options of {@link trainLsalsa}; those of `train` besides. */
export interface TrainLsalsaOptions extends Omit<TrainOptions, 'stages'> {
  /** x* of every signal, `[examples, atoms]`, from `optimalCodes`. Without them the objective itself is made small. */
  readonly targets?: HostExamples;
  /** The rate of stochastic gradient descent in the first epoch; default 0.01. */
  readonly rate?: number;
  /** By what the rate is multiplied after an epoch, > 0; default 1. */
  readonly rateDecay?: number;
  /** In place of stochastic gradient descent: `adam({ rate: 1e-3 })`. */
  readonly optimizer?: Optimizer;
  /** Stops where an epoch changes the loss by less than this fraction; default 10⁻⁶, as published. */
  readonly tolerance?: number;
}

/**
 * Trains W_e and S: on the optimal codes of the signals, by (1/2P) Σ_p ‖x*_p − x_T(y_p)‖², or without targets on the objective
 * ½‖y − A x_T‖² + Σ_i α_i ‖x_i‖₁ itself. Plain stochastic gradient descent, as published, unless an optimiser is given.
 *
 * It is `train` of `@unrolled/unroll` with one stage, `codes` or `objective`, and gives its events.
 *
 * @param signals `[examples, features]` on the host
 * @throws INVALID_SHAPE for targets that are not as many; INVALID_ARGUMENT, UNKNOWN_OPTION for options: before any work. What `train`
 *   throws, while it runs
 * @example
 * for await (const event of trainLsalsa(network, signals, { targets, epochs: 30, batchSize: 100, rate: 0.05 }))
 *   if (event.type === 'epoch') console.log(event.epoch, event.losses);
 * @see Cowen, Saridena & Choromanska 2019, (15) and section 6
 */
export function trainLsalsa(
  network: Lsalsa,
  signals: HostExamples,
  options: TrainLsalsaOptions,
): AsyncGenerator<TrainingEvent, void, void> {
  const { targets, rate = 0.01, rateDecay = 1, optimizer, tolerance = 1e-6, ...rest } = options;
  requireKnownOptions('trainLsalsa', rest, trainOptionNames);
  requirePositive('rate', rate);
  requirePositive('rateDecay', rateDecay);
  requireNonNegative('tolerance', tolerance);
  if (optimizer !== undefined && (options.rate !== undefined || options.rateDecay !== undefined))
    refuse('optimizer', 'one beside a rate', 'an optimizer, or rate and rateDecay');
  const { batchSize = 32, ...others } = rest;
  const shared = {
    train: network.trainable.length === 1 ? namesOf(network) : ['analysis', 'splitting'],
    optimizer:
      optimizer ??
      sgd({ rate: decaying(rate, rateDecay, Math.ceil((signals?.shape?.[0] ?? 0) / batchSize)) }),
  };
  const events = targets
    ? train(network, pairedMinibatches(signals, targets, batchSize), {
        ...(others as TrainOptions<never>),
        stages: [{ ...shared, name: 'codes', loss: codeError() }],
      })
    : train(network, minibatches(signals, batchSize), {
        ...others,
        stages: [{ ...shared, name: 'objective', loss: lasso() }],
      });
  return untilFlat(events, tolerance);
}

const namesOf = (network: Lsalsa): string[] =>
  Object.entries(network.variables).flatMap(([name, variable]) => (variable.trainable ? [name] : []));

const decaying =
  (rate: number, decay: number, batches: number) =>
  (step: number): number =>
    rate * decay ** Math.floor((step - 1) / batches);

/** The events, until the loss of two epochs is nearly the same. */
async function* untilFlat(
  events: AsyncGenerator<TrainingEvent, void, void>,
  tolerance: number,
): AsyncGenerator<TrainingEvent, void, void> {
  let last = Number.POSITIVE_INFINITY;
  for await (const event of events) {
    yield event;
    if (event.type !== 'epoch') continue;
    const [loss] = Object.values(event.losses);
    if (Math.abs(last - loss!) < tolerance * Math.abs(loss!)) return;
    last = loss!;
  }
}
