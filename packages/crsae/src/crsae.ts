import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Likelihood,
  type Network,
  type Operator,
  type Prior,
  type Problem,
  refuse,
  requireKnownOptions,
  requireOneOf,
} from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { unitSphere } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista } from '@unrolled/solvers';
import { nonNegative, unroll } from '@unrolled/unroll';
import { atomsOf, convolutionOf, requireFilters } from './filters.ts';

/** Options of {@link crsae}. */
export interface CrsaeOptions {
  /** The first filters h, `[time, channels, atoms]` or, for images, `[height, width, channels, atoms]`. Lent. */
  readonly filters: Tensor;
  /** The lasso weight σ²λ: one number, or one an atom. See `universalWeight`. */
  readonly weight: number | readonly number[];
  /** T, the layers of the encoder. A filter of unit norm needs 30 for a good code and 100 or more for a good gradient. */
  readonly layers: number;
  /** Samples, or pixels along either axis, from one position of the code to the next. Default 1. */
  readonly stride?: number;
  /** One-sided codes x ≥ 0, the ReLU network (default); false gives the two-sided one. */
  readonly nonNegative?: boolean;
  /**
   * `'tied'` (default): one H everywhere. `'untied'`: the residual's H, the analysis W_e and the decoder W_d are learned apart, equal to
   * begin with.
   */
  readonly weights?: 'tied' | 'untied';
  /** `'unit'` (default): filters are scaled to unit norm, now and after every update. `'free'`: taken as they are, and left to drift. */
  readonly norms?: 'unit' | 'free';
  /**
   * α, held fixed; it has to stay at or below 1/‖H‖² (`stepGuard`). Default: 1/‖H‖², computed again after every update, which takes
   * longer than a step of training where there are many filters.
   */
  readonly step?: number;
}

/** The problem that CRsAE unrolls: min over x of ½‖y − Σ_c h_c ∗ x_c‖² + Σ_c w_c ‖x_c‖₁. */
export type CrsaeProblem = Problem<Operator<'filters'>, Prior<'weight'>, Likelihood<'gaussian', never>>;

/**
 * A CRsAE network: parameters `operator.filters`, `prior.weight` `[atoms]` and `step`; untied, `analysis.filters` and `decoder.filters`
 * besides.
 */
export type Crsae = Network<'operator.filters' | 'prior.weight' | 'step', CrsaeProblem>;

/**
 * The constrained recurrent sparse auto-encoder: T layers of FISTA as encoder, tied to a linear decoder ŷ = Σ_c h_c ∗ x_c,
 *
 *     x_t = R_b( z_{t−1} + α Hᵀ(y − H z_{t−1}) ),   z_t = x_t + β_t (x_t − x_{t−1}),   b_c = σ² λ_c α
 *
 * Filters keep unit norm over all their axes together, weights stay ≥ 0, and the step 1/‖H‖² follows the filters. Untied,
 * x_t = R_b( z_{t−1} + α W_eᵀ(y − H z_{t−1}) ) and ŷ = W_d x_T.
 *
 * The rank of the filters says whether it is for signals over time or for images. A stride s > 1 makes it depend on where an image
 * lies against the grid of its code: `shiftAveraged` of `@unrolled/unroll` takes the mean over all s² shifts.
 *
 * @returns the network, which owns its variables: `dispose` frees them
 * @throws INVALID_SHAPE where the filters are not `[time, channels, atoms]` or `[height, width, channels, atoms]`; NOT_FINITE;
 *   INVALID_ARGUMENT for a filter that is zero, or a weight, stride, step or layers that cannot be; UNKNOWN_OPTION
 * @example
 * const network = await crsae({ filters, weight: universalWeight({ noiseDeviation: 0.4, atoms: 3, codeLength: 483 }), layers: 100 });
 * const codes = network.encode(windows);
 * @example
 * // The image network of the paper, σ = 20/255: 64 filters 7 × 7, stride 5, 30 layers, steps of 1/10.
 * const network = await crsae({ filters, weight: 0.12, layers: 30, stride: 5, nonNegative: false, norms: 'free', step: 0.1 });
 * const denoised = shiftAveraged(network).reconstruct(images);
 * @see Tolooshams, Dey & Ba, "Deep residual autoencoders for expectation maximization-inspired dictionary learning", IEEE TNNLS (2021)
 */
export async function crsae(options: CrsaeOptions): Promise<Crsae> {
  requireKnownOptions('crsae', options, [
    'filters',
    'weight',
    'layers',
    'stride',
    'nonNegative',
    'weights',
    'norms',
    'step',
  ]);
  const { filters, weight, layers, stride = 1, nonNegative: oneSided = true, step } = options;
  const untied = requireOneOf('weights', options.weights ?? 'tied', ['tied', 'untied']) === 'untied';
  const unit = requireOneOf('norms', options.norms ?? 'unit', ['unit', 'free']) === 'unit';
  await requireFilters(filters);
  const atoms = atomsOf(filters);
  if (typeof weight !== 'number' && weight?.length !== atoms)
    refuse('weight', weight, `a number, or one for each of ${atoms} atoms`);
  const prior = l1(typeof weight === 'number' ? new Array<number>(atoms).fill(weight) : [...weight], {
    nonNegative: oneSided,
  });
  const first = unit ? tf.tidy(() => unitSphere(filters)) : tf.clone(filters);
  try {
    const problem: CrsaeProblem = { operator: convolutionOf(first, stride), prior, likelihood: gaussian() };
    return await unroll(
      fista(problem, { analysis: untied ? 'own' : 'tied', ...(step !== undefined && { step }) }),
      {
        layers,
        train: ['operator.filters', ...(untied ? (['analysis.filters'] as const) : []), 'prior.weight'],
        decoder: untied ? 'own' : 'tied',
        constraints: {
          'prior.weight': nonNegative,
          ...(unit && { 'operator.filters': unitSphere }),
          ...(unit && untied && { 'analysis.filters': unitSphere }),
        },
      },
    );
  } finally {
    first.dispose();
    tf.dispose({ ...prior.parameters });
  }
}

/** Are the filters of the analysis and the decoder the network's own? */
export const isUntied = ({ variables }: Pick<Network, 'variables'>): boolean =>
  'analysis.filters' in variables;
