import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Likelihood,
  type Network,
  type Prior,
  type Problem,
  refuse,
  requireAllFinite,
  requireKnownOptions,
  requireOneOf,
  requireRank,
  type SolvableOperator,
} from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { dense } from '@unrolled/operators';
import { locality } from '@unrolled/prox';
import { chambolleDossalMomentum, fista, ista } from '@unrolled/solvers';
import { type Constraint, unroll } from '@unrolled/unroll';

/** Options of {@link kds}. */
export interface KdsOptions {
  /** The first landmarks, as atoms `[features, atoms]`: `seedLandmarks` draws them from the data. Lent. */
  readonly landmarks: Tensor;
  /** λ ≥ 0, what a code pays for the squared distances between a signal and the atoms that it is made of. */
  readonly weight: number;
  /** T, the layers of the encoder. */
  readonly layers: number;
  /** `'accelerated'` (default): with momentum (t − 1)/(t + 2) in layer t, from 1; `'basic'`: without. */
  readonly encoder?: 'accelerated' | 'basic';
  /** The step τ is trained, and kept positive. Default false: it stays 1/σ_max(A)² of the landmarks as they are. */
  readonly trainStep?: boolean;
}

/** The problem that K-Deep Simplex unrolls: min over x in the simplex of ½‖y − A x‖² + λ Σ_j x_j ‖y − a_j‖². */
export type KdsProblem = Problem<SolvableOperator<'atoms'>, Prior<'weight'>, Likelihood<'gaussian', never>>;

/** A K-Deep Simplex network: parameters `operator.atoms` `[features, atoms]`, `prior.weight` (λ) and `step` (τ). */
export type Kds = Network<'operator.atoms' | 'prior.weight' | 'step', KdsProblem>;

/** A trained step stays above this part of what it began as. */
const smallestStep = 0.01;

/**
 * K-Deep Simplex, the auto-encoder of a manifold: signals are convex combinations of landmarks near them. T layers of projected
 * gradient as encoder, tied to the decoder ŷ = A x_T,
 *
 *     x_t = P( z_{t−1} + τ Aᵀ(y − A z_{t−1}) − τ λ w(y) ),   z_t = x_t + β_t (x_t − x_{t−1}),   w_j(y) = ‖y − a_j‖²
 *
 * with P the projection onto the probability simplex and x_0 = z_0 = 0. The landmarks are in the gradient, in the weights and in the
 * decoder; gradients flow through all three. It is `unroll(fista(problem))` with the prior `locality` of `@unrolled/prox`; with fewer atoms
 * than twice the features in the form of the Gram matrix AᵀA.
 *
 * @returns the network, which owns its variables: `dispose` frees them
 * @throws INVALID_SHAPE where the landmarks are not `[features, atoms]`; NOT_FINITE; INVALID_ARGUMENT for landmarks that are all zero, a
 *   weight < 0, layers that cannot be; UNKNOWN_OPTION
 * @example
 * const { data, shape } = seedLandmarks(points, 24);
 * const network = await kds({ landmarks: tf.tensor(data, [...shape]), weight: 5, layers: 15 });
 * const codes = network.encode(y); // [batch, 24], each row ≥ 0 and of sum 1
 * @see Tasissa, Tankala, Murphy & Ba, "K-deep simplex: manifold learning via local dictionaries", IEEE TSP 71 (2023), section III
 */
export async function kds(options: KdsOptions): Promise<Kds> {
  requireKnownOptions('kds', options, ['landmarks', 'weight', 'layers', 'encoder', 'trainStep']);
  const { landmarks, weight, layers, trainStep = false } = options;
  const encoder = requireOneOf('encoder', options.encoder ?? 'accelerated', ['accelerated', 'basic']);
  if (typeof weight !== 'number') refuse('weight', weight, 'a number, λ');
  if (typeof trainStep !== 'boolean') refuse('trainStep', trainStep, 'true or false');
  requireRank('landmarks', landmarks, 2, 'landmarks [features, atoms]');
  const values = await landmarks.data();
  requireAllFinite('landmarks', values);
  if (values.every((value) => value === 0)) refuse('landmarks', 'zeros', 'landmarks that are not all zero');

  const operator = dense(landmarks);
  const prior = locality(weight);
  const problem: KdsProblem = { operator, prior, likelihood: gaussian() };
  try {
    const step = trainStep ? 1 / (await operator.lipschitz()) : undefined;
    const [features, atoms] = landmarks.shape as [number, number];
    // A layer takes 4 · features · atoms operations through the signal, and 2 · atoms² through the Gram matrix.
    const form = atoms < 2 * features ? 'gram' : 'signal';
    const chosen = { form, ...(step !== undefined && { step }) } as const;
    const momentum = chambolleDossalMomentum();
    return await unroll(
      encoder === 'basic' ? ista(problem, chosen) : fista(problem, { ...chosen, momentum }),
      {
        layers,
        train: ['operator.atoms', ...(trainStep ? (['step'] as const) : [])],
        ...(step !== undefined && { constraints: { step: atLeast(smallestStep * step) } }),
      },
    );
  } finally {
    tf.dispose({ ...prior.parameters });
  }
}

/** Keeps a number at least as large as another. */
const atLeast =
  (least: number): Constraint =>
  (value) =>
    tf.maximum(value, least);
