import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Likelihood,
  type Network,
  type Operator,
  type Prior,
  type Problem,
  refuse,
  requireAllFinite,
  requireKnownOptions,
  requireRank,
} from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d, unitSphere } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista } from '@unrolled/solvers';
import { nonNegative, unroll } from '@unrolled/unroll';

/** Options of {@link crsae}. */
export interface CrsaeOptions {
  /** The first filters h `[time, channels, atoms]`, scaled to unit norm here. Lent. */
  readonly filters: Tensor;
  /** The lasso weight σ²λ: one number, or one an atom. See `universalWeight`. */
  readonly weight: number | readonly number[];
  /** T, the layers of the encoder. A filter of unit norm needs 30 for a good code and 100 or more for a good gradient. */
  readonly layers: number;
  /** Default 1. */
  readonly stride?: number;
  /** One-sided codes x ≥ 0, the ReLU network (default); false gives the two-sided one. */
  readonly nonNegative?: boolean;
}

/** The problem that CRsAE unrolls: min over x of ½‖y − Σ_c h_c ∗ x_c‖² + Σ_c w_c ‖x_c‖₁. */
export type CrsaeProblem = Problem<Operator<'filters'>, Prior<'weight'>, Likelihood<'gaussian', never>>;

/** A CRsAE network: parameters `operator.filters`, `prior.weight` `[atoms]` and `step`. */
export type Crsae = Network<'operator.filters' | 'prior.weight' | 'step', CrsaeProblem>;

/**
 * The constrained recurrent sparse auto-encoder: T layers of FISTA as encoder, tied to a linear decoder ŷ = Σ_c h_c ∗ x_c,
 *
 *     x_t = R_b( z_{t−1} + α Hᵀ(y − H z_{t−1}) ),   z_t = x_t + β_t (x_t − x_{t−1}),   b_c = σ² λ_c α
 *
 * Filters keep unit norm over time and channels together, weights stay ≥ 0, and the step 1/‖H‖² follows the filters.
 *
 * @returns the network, which owns its variables: `dispose` frees them
 * @throws INVALID_SHAPE where the filters are not `[time, channels, atoms]`; NOT_FINITE; INVALID_ARGUMENT for a filter that is zero, or
 *   a weight, stride or layers that cannot be; UNKNOWN_OPTION
 * @example
 * const network = await crsae({ filters, weight: universalWeight({ noiseDeviation: 0.4, atoms: 3, codeLength: 483 }), layers: 100 });
 * const codes = network.encode(windows);
 * @see Tolooshams, Dey & Ba, "Deep residual autoencoders for expectation maximization-inspired dictionary learning", IEEE TNNLS (2021)
 */
export async function crsae(options: CrsaeOptions): Promise<Crsae> {
  requireKnownOptions('crsae', options, ['filters', 'weight', 'layers', 'stride', 'nonNegative']);
  const { filters, weight, layers, stride = 1, nonNegative: oneSided = true } = options;
  await requireFilters(filters);
  const atoms = filters.shape[2]!;
  if (typeof weight !== 'number' && weight?.length !== atoms)
    refuse('weight', weight, `a number, or one for each of ${atoms} atoms`);
  const prior = l1(typeof weight === 'number' ? new Array<number>(atoms).fill(weight) : [...weight], {
    nonNegative: oneSided,
  });
  const unit = tf.tidy(() => unitSphere(filters));
  try {
    const problem: CrsaeProblem = { operator: conv1d(unit, { stride }), prior, likelihood: gaussian() };
    return await unroll(fista(problem), {
      layers,
      train: ['operator.filters', 'prior.weight'],
      constraints: { 'operator.filters': unitSphere, 'prior.weight': nonNegative },
    });
  } finally {
    unit.dispose();
    tf.dispose({ ...prior.parameters });
  }
}

/** Refuses filters that no training could begin with: a zero filter has no gradient and no place on the sphere. */
async function requireFilters(filters: Tensor): Promise<void> {
  requireRank('filters', filters, 3, 'filters [time, channels, atoms]');
  const values = await filters.data();
  requireAllFinite('filters', values);
  const atoms = filters.shape[2]!;
  for (let atom = 0; atom < atoms; atom++) {
    if (values.every((value, index) => index % atoms !== atom || value === 0))
      refuse('filters', `zero for atom ${atom}`, 'filters that are not zero');
  }
}
