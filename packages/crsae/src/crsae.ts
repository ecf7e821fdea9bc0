import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Likelihood,
  type Network,
  type Operator,
  type Prior,
  type Problem,
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
 * @throws INVALID_SHAPE where the filters are not `[time, channels, atoms]`; `INVALID_ARGUMENT` for a weight or layers that cannot be
 * @example
 * const network = await crsae({ filters, weight: universalWeight({ noiseDeviation, atoms: 3, codeLength: 483 }), layers: 100 });
 * @see Tolooshams, Dey & Ba, "Deep residual autoencoders for expectation maximization-inspired dictionary learning", IEEE TNNLS (2021)
 */
export async function crsae(options: CrsaeOptions): Promise<Crsae> {
  requireKnownOptions('crsae', options, ['filters', 'weight', 'layers', 'stride', 'nonNegative']);
  const { filters, weight, layers, stride = 1, nonNegative: oneSided = true } = options;
  requireRank('filters', filters, 3, 'filters [time, channels, atoms]');
  const atoms = filters.shape[2]!;
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
