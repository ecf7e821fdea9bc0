import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Stride2d } from '@unrolled/backend';
import {
  type Likelihood,
  type Network,
  type Operator,
  type Prior,
  type Problem,
  requireKnownOptions,
  requireOneOf,
} from '@unrolled/contracts';
import { convolution, requireAtoms, unitSphere } from '@unrolled/operators';
import { ista, type Momentum, type ProximalGradientNames } from '@unrolled/solvers';
import { type Constraint, unroll } from '@unrolled/unroll';

/** Are residual, analysis and decoder one tensor of filters, or three? */
export type DceaWeights = 'tied' | 'untied';

/** The problem that a DCEA unrolls: min over x of −log p(y | H x) + Φ(x), with H a convolution. */
export type DceaProblem<R extends Prior = Prior, L extends Likelihood = Likelihood> = Problem<
  Operator<'filters'>,
  R,
  L
>;

/** The parameters: `operator.filters`, `prior.*`, `likelihood.*`, `step`; untied `analysis.filters` besides. */
export type DceaNames<R extends Prior, L extends Likelihood, W extends DceaWeights> = ProximalGradientNames<
  DceaProblem<R, L>,
  'untied' extends W ? 'own' : 'tied'
>;

/** A DCEA network. Untied it has the variable `decoder.filters` too, which goes with `operator.filters` in training. */
export type Dcea<
  R extends Prior = Prior,
  L extends Likelihood = Likelihood,
  W extends DceaWeights = 'tied',
> = Network<DceaNames<R, L, W>, DceaProblem<R, L>>;

/** Options of {@link dcea}. */
export interface DceaOptions<R extends Prior, L extends Likelihood, W extends DceaWeights> {
  /** The first filters h, `[time, channels, atoms]` or, for images, `[height, width, channels, atoms]`. Lent. */
  readonly filters: Tensor;
  /** What codes look like, and so the activation: `l1(weights, { nonNegative: true })` is the ReLU with a bias. Lent. */
  readonly prior: R;
  /** What data look like given H x: `poisson({ peak: 4 })`. Its baseline is a parameter like the others. Lent. */
  readonly likelihood: L;
  /** T, the layers of the encoder. */
  readonly layers: number;
  /** Samples, or pixels along either axis, from one position of the code to the next. Default 1. */
  readonly stride?: Stride2d;
  /** `'tied'` (default), or `'untied'`: filters of the residual, the analysis and the decoder are learned apart, equal at first. */
  readonly weights?: W;
  /** `'unit'` (default): filters have unit norm, now and after every update. `'free'`: taken as they are, and left to drift. */
  readonly norms?: 'unit' | 'free';
  /**
   * α, held fixed unless it is trained. Default 1/(curvature·‖H‖²), computed again after every update; a likelihood whose curvature
   * has no bound needs a number.
   */
  readonly step?: number;
  /** β_t. Default none, which is ISTA; `nesterovMomentum` makes it FISTA. */
  readonly momentum?: Momentum;
  /** The parameters that training may change; default all filters and those of the prior. */
  readonly train?: readonly NoInfer<DceaNames<R, L, W>>[];
  /** Sets that parameters are projected on after every update, such as `nonNegative` for a weight; default none but the norms. */
  readonly constraints?: { readonly [K in NoInfer<DceaNames<R, L, W>>]?: Constraint };
}

/**
 * The deep convolutional exponential-family auto-encoder: T layers of ISTA (or FISTA) on a convolutional model in the domain of the
 * natural parameter, whose residual the likelihood sets and whose activation the prior sets.
 *
 *     x_t = prox_{αΦ}( z_{t−1} + α W_eᵀ residual(y, H z_{t−1}) ),   z_t = x_t + β_t (x_t − x_{t−1}),   η = W_d x_T
 *
 * from x_0 = z_0 = 0. Tied, H = W_e = W_d. The mean of the data is `network.problem().likelihood.mean(η)`; a baseline of the
 * likelihood is added inside it and inside the residual, not to η. With the Gaussian likelihood it is CRsAE.
 *
 * Two regimes. With the defaults the step is explicit, 1/(curvature·‖H‖²), and filters have unit norm: the papers' network of spike
 * counts. With `step: 1, norms: 'free'` the step is in the filters, which `imageFilters` makes small: the released networks of
 * images. There b = `prior.weight` is subtracted as it is, one for each atom in all layers.
 *
 * Nothing keeps a trained weight ≥ 0: some atoms of the released networks have a negative b, a unit that is always on and carries
 * the local mean. Where a weight must remain a penalty: `constraints: { 'prior.weight': nonNegative }`.
 *
 * @returns the network, which owns its variables: `dispose` frees them
 * @throws INVALID_SHAPE for filters that are none; NOT_FINITE; INVALID_DTYPE; INVALID_ARGUMENT for a filter that is zero, and for layers,
 *   a stride or a step that cannot be, or no step where the curvature has no bound; UNKNOWN_OPTION
 * @example
 * // The released networks of photon images: 169 filters of 11 × 11, stride 7, 15 layers; 20 618 parameters, untied 61 516.
 * const network = await dcea({
 *   filters: imageFilters({ size: 11, atoms: 169 }),
 *   prior: l1(new Array(169).fill(0.1), { nonNegative: true }),
 *   likelihood: poisson({ peak: 4 }),
 *   layers: 15, stride: 7, step: 1, norms: 'free', weights: 'untied',
 * });
 * const rates = network.problem().likelihood.mean(shiftAveraged(network).reconstruct(counts));
 * @example
 * // Spike counts over 25 trials, two-sided codes of a fixed weight.
 * const network = await dcea({ filters, prior: l1(0.1), likelihood: binomial({ trials: 25, baseline: -4 }), layers: 250,
 *   momentum: nesterovMomentum, train: ['operator.filters', 'likelihood.baseline'] });
 * @see Tolooshams, Song, Temereanca & Ba, "Convolutional dictionary learning based auto-encoders for natural exponential-family
 *   distributions", ICML 2020, (4) to (7)
 */
export async function dcea<R extends Prior, L extends Likelihood, W extends DceaWeights = 'tied'>(
  options: DceaOptions<R, L, W>,
): Promise<Dcea<R, L, W>> {
  requireKnownOptions('dcea', options, [
    'filters',
    'prior',
    'likelihood',
    'layers',
    'stride',
    'weights',
    'norms',
    'step',
    'momentum',
    'train',
    'constraints',
  ]);
  const { filters, prior, likelihood, layers, stride = 1, step, momentum } = options;
  const untied = requireOneOf('weights', options.weights ?? 'tied', ['tied', 'untied']) === 'untied';
  const unit = requireOneOf('norms', options.norms ?? 'unit', ['unit', 'free']) === 'unit';
  const given = convolution(filters, { stride });
  await requireAtoms('filters', filters);
  const first = unit ? tf.tidy(() => unitSphere(filters)) : tf.clone(filters);
  try {
    const problem = { operator: given.with({ filters: first }), prior, likelihood };
    const iteration = ista(problem, {
      analysis: untied ? 'own' : 'tied',
      ...(step !== undefined && { step }),
      ...(momentum !== undefined && { momentum }),
    });
    const network = await unroll<string, string, DceaProblem<R, L>>(iteration, {
      layers,
      train: options.train ?? [
        'operator.filters',
        ...(untied ? ['analysis.filters'] : []),
        ...Object.keys(prior.parameters).map((name) => `prior.${name}`),
      ],
      decoder: untied ? 'own' : 'tied',
      constraints: {
        ...(unit && { 'operator.filters': unitSphere, ...(untied && { 'analysis.filters': unitSphere }) }),
        ...options.constraints,
      },
    });
    // The names follow from the options, which `unroll` has checked.
    return network as Network<string, DceaProblem<R, L>> as Dcea<R, L, W>;
  } finally {
    first.dispose();
  }
}
