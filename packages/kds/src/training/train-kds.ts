import { type Gradient, refuse, requireKnownOptions, requireOneOf, requireShape } from '@unrolled/contracts';
import {
  adam,
  clipped,
  type HostExamples,
  lasso,
  type Optimizer,
  type Stage,
  type TrainingEvent,
  type TrainOptions,
  train,
  trainOptionNames,
} from '@unrolled/unroll';
import { requireExamples } from '../examples.ts';
import type { Kds } from '../kds.ts';
import { closedFormStages } from './closed-form-stages.ts';
import { reseedStage } from './reseed-stage.ts';

/** Options of {@link trainKds}; those of `train` besides. */
export interface TrainKdsOptions extends Omit<TrainOptions, 'stages'> {
  /**
   * How landmarks follow: `'gradient'` (default) backpropagates through the encoder, batch by batch; `'closed-form'` alternates, after
   * every epoch, with the landmarks that are best for its codes: no rate, and 10 to 20 epochs.
   */
  readonly landmarks?: 'gradient' | 'closed-form';
  /** Of the gradient. Default Adam of rate 1e-3, gradients clipped at a norm of 1e-4, as in the paper's code. */
  readonly optimizer?: Optimizer;
  /** How gradients go back through the encoder; default through all of it. */
  readonly gradient?: Gradient;
  /** Atoms that no code uses are put on examples after an epoch. Default true. */
  readonly reseed?: boolean;
  /** Default at most 1024, in batches of one size but for a few examples: no handful counts as much as a thousand. */
  readonly batchSize?: number;
}

/**
 * Trains landmarks on the objective of K-Deep Simplex, the mean over examples of
 *
 *     ½‖y − A x‖² + λ Σ_j x_j ‖y − a_j‖²,   x = x_T(y)
 *
 * It is `train` of `@unrolled/unroll` with a list of stages, and gives its events; of the loss, `events.losses.landmarks` by gradient and
 * `events.losses.codes` in closed form, before the update. With `trainStep`, the step is trained by gradient with the landmarks.
 *
 * @param network changed in place
 * @param examples `[examples, features]` on the host, at least as many as there are landmarks
 * @throws INVALID_SHAPE, NOT_FINITE for examples that the landmarks do not fit; INVALID_ARGUMENT for fewer examples than landmarks, and
 *   for options; UNKNOWN_OPTION: before any work. What `train` throws, while it runs
 * @example
 * for await (const event of trainKds(network, points, { landmarks: 'closed-form', epochs: 10 }))
 *   if (event.type === 'epoch') console.log(event.epoch, event.losses);
 * @see Tasissa, Tankala, Murphy & Ba (2023), "K-deep simplex", section III
 */
export function trainKds(
  network: Kds,
  examples: HostExamples,
  options: TrainKdsOptions,
): AsyncGenerator<TrainingEvent, void, void> {
  const { landmarks: method, optimizer, gradient, reseed = true, ...rest } = options;
  requireKnownOptions('trainKds', rest, trainOptionNames);
  const landmarks = requireOneOf('landmarks', method ?? 'gradient', ['gradient', 'closed-form']);
  if (typeof reseed !== 'boolean') refuse('reseed', reseed, 'true or false');
  const [count] = requireExamples('examples', examples);
  const [features, atoms] = network.variables['operator.atoms']!.shape as [number, number];
  requireShape('examples', examples.shape, [-1, features], 'examples [examples, features] of the landmarks');
  if (count < atoms)
    refuse('examples', `${count} examples`, `at least as many as there are landmarks, ${atoms}`);
  if (landmarks === 'closed-form') {
    for (const [name, given] of Object.entries({ optimizer, gradient }))
      if (given !== undefined) refuse(name, given, "none, as landmarks: 'closed-form' has no gradient");
    if (network.variables['step']!.trainable)
      refuse('landmarks', landmarks, "'gradient', as this network's step is trained");
  }
  const stages = landmarks === 'gradient' ? byGradient() : closedFormStages({ reseed });
  const batches = Math.ceil(count / 1024);
  return train(network, examples, { batchSize: Math.ceil(count / batches), ...rest, stages });

  function byGradient(): readonly Stage[] {
    const trained = ['operator.atoms', 'step'].filter((name) => network.variables[name]!.trainable);
    return [
      {
        name: 'landmarks',
        train: trained,
        loss: lasso(gradient === undefined ? {} : { gradient }),
        optimizer: optimizer ?? clipped(adam({ rate: 1e-3 }), 1e-4),
      },
      ...(reseed ? [reseedStage(examples)] : []),
    ];
  }
}
