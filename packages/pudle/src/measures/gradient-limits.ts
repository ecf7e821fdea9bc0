import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Network,
  type Problem,
  requireInteger,
  requireKnownOptions,
  requirePositive,
} from '@unrolled/contracts';
import { ista } from '@unrolled/solvers';
import { reconstruction, unroll } from '@unrolled/unroll';
import { decoderGradient } from '../estimators.ts';
import { estimatedGradient } from './estimated-gradient.ts';

/** How the lasso is solved. */
export interface LimitOptions {
  /** Steps of ISTA to ẑ. Default 2000. */
  readonly iterations?: number;
  /** Of the implicit gradient. Default 1e-6. */
  readonly tolerance?: number;
}

/** Where the three estimators go as the layers grow. Fresh tensors. */
export interface GradientLimits {
  /** ĝ = −(x − D ẑ) ẑᵀ, the limit of g_dec and g_ae-lasso. One flat vector. */
  readonly lasso: Tensor;
  /** The limit of g_ae-ls: the gradient of ½‖x − D ẑ(D)‖² by the implicit function theorem. One flat vector. */
  readonly leastSquares: Tensor;
  /** ẑ, the solution of the lasso with this dictionary. */
  readonly code: Tensor;
}

/**
 * The limits of the gradient estimators at the network's dictionary, means over the signals: any operator, any prior whose lasso has
 * one solution.
 *
 * @param network read, not changed; its prior has its own weight, undecayed
 * @param y signals `[batch, …]`, lent
 * @throws NOT_CONVERGED where `iterations` do not reach ẑ
 * @example const { lasso, leastSquares, code } = await gradientLimits(network, y);
 */
export async function gradientLimits(
  network: Network,
  y: Tensor,
  options: LimitOptions = {},
): Promise<GradientLimits> {
  requireKnownOptions('gradientLimits', options, ['iterations', 'tolerance']);
  const iterations = requireInteger('iterations', options.iterations ?? 2000);
  const tolerance = requirePositive('tolerance', options.tolerance ?? 1e-6);
  // With its own step, 1/‖D‖²: where the network's is larger, its own iteration need not converge.
  const converged = await unroll<string, 'x' | 'z', Problem>(ista(network.problem()), {
    layers: iterations,
  });
  try {
    return tf.tidy(() => ({
      lasso: estimatedGradient(converged, y, decoderGradient()),
      leastSquares: estimatedGradient(
        converged,
        y,
        reconstruction({ gradient: { implicit: { tolerance, residual: 1e-5 } } }),
      ),
      code: converged.encode(y, { gradient: { last: 0 } }),
    }));
  } finally {
    converged.dispose();
  }
}
