import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Network, requireKnownOptions, requireShape } from '@unrolled/contracts';
import { type GradientEstimator, gradientEstimators } from '../estimators.ts';
import { dictionaryGradient, estimatedGradient } from './estimated-gradient.ts';
import { gradientLimits, type LimitOptions } from './gradient-limits.ts';

/** How far an estimator is from what it might estimate: Frobenius norms. */
export interface Distances {
  /** To ĝ, the gradient at the lasso's solution with the code held constant. */
  readonly lasso: number;
  /** To the limit of g_ae-ls. */
  readonly leastSquares: number;
  /** To the gradient at the true codes, where these were given. */
  readonly truth?: number;
}

/** All that is known about a network's gradients on some signals. */
export interface GradientDistances {
  readonly estimators: { readonly [E in GradientEstimator]: Distances };
  /** ‖·‖ of the limits and of the gradient at the true codes: what distances are to be compared with. */
  readonly norms: { readonly lasso: number; readonly leastSquares: number; readonly truth?: number };
  /** ‖ĝ − gradient at the true codes‖: the bias of the lasso, that no number of layers removes. */
  readonly bias?: number;
  /** ‖z_T − ẑ‖, the mean over the signals. */
  readonly code: number;
}

/** Options of {@link gradientDistances}. */
export interface GradientDistanceOptions extends LimitOptions {
  /** The codes z* that the signals were made of, `[batch, …]`, lent. */
  readonly codes?: Tensor;
}

/**
 * How far the three gradient estimators of a network are from their limits, and from the gradient at the true codes: for any network,
 * before, after and while it trains.
 *
 * @param y signals `[batch, …]`, lent
 * @throws INVALID_SHAPE where there are not as many codes as signals; NOT_CONVERGED
 * @example
 * const { estimators } = await gradientDistances(network, y, { codes });
 * console.log(estimators.leastSquares.truth, estimators.decoder.truth);
 * @see Tolooshams & Ba (2022), figures 1 and 2
 */
export async function gradientDistances(
  network: Network,
  y: Tensor,
  options: GradientDistanceOptions = {},
): Promise<GradientDistances> {
  const { codes, ...limitOptions } = options;
  requireKnownOptions('gradientDistances', limitOptions, ['iterations', 'tolerance']);
  const { operator, likelihood } = network.problem();
  if (codes) requireShape('codes', codes.shape, operator.codeShape(y.shape), 'codes of the signals');
  const limits = await gradientLimits(network, y, limitOptions);
  try {
    const found = tf.tidy(() => {
      const truth =
        codes && dictionaryGradient(network, () => tf.mean(likelihood.negLogLik(y, operator.apply(codes))));
      const apart = (one: Tensor, other: Tensor): Tensor => tf.norm(tf.sub(one, other));
      const entries = Object.entries(gradientEstimators).flatMap(([name, loss]) => {
        const gradient = estimatedGradient(network, y, loss());
        return [
          [`${name}.lasso`, apart(gradient, limits.lasso)],
          [`${name}.leastSquares`, apart(gradient, limits.leastSquares)],
          ...(truth ? [[`${name}.truth`, apart(gradient, truth)] as const] : []),
        ] as const;
      });
      const difference = tf.reshape(tf.sub(network.encode(y), limits.code), [y.shape[0]!, -1]);
      return Object.fromEntries([
        ...entries,
        ['norms.lasso', tf.norm(limits.lasso)],
        ['norms.leastSquares', tf.norm(limits.leastSquares)],
        ['code', tf.mean(tf.norm(difference, 2, 1))],
        ...(truth
          ? [
              ['norms.truth', tf.norm(truth)],
              ['bias', apart(limits.lasso, truth)],
            ]
          : []),
      ]) as { readonly [name: string]: Tensor };
    });
    const values = await Promise.all(
      Object.entries(found).map(async ([name, tensor]) => [name, (await tensor.data())[0]!] as const),
    );
    tf.dispose({ ...found });
    return assembled(Object.fromEntries(values));
  } finally {
    tf.dispose({ ...limits });
  }
}

function assembled(values: { readonly [name: string]: number }): GradientDistances {
  const triple = (prefix: string): Distances => {
    const truth = values[`${prefix}.truth`];
    return {
      lasso: values[`${prefix}.lasso`]!,
      leastSquares: values[`${prefix}.leastSquares`]!,
      ...(truth !== undefined && { truth }),
    };
  };
  return {
    estimators: { decoder: triple('decoder'), lasso: triple('lasso'), leastSquares: triple('leastSquares') },
    norms: triple('norms'),
    ...(values['bias'] !== undefined && { bias: values['bias'] }),
    code: values['code']!,
  };
}
