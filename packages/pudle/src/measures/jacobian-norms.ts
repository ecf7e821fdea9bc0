import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { vectorJacobianProduct } from '@unrolled/backend';
import { type Random, refuse, requireInteger, requireKnownOptions } from '@unrolled/contracts';
import { unroll } from '@unrolled/unroll';
import type { Pudle } from '../pudle.ts';
import { trained } from './layer-codes.ts';

/** Options of {@link jacobianNorms}. */
export interface JacobianOptions {
  readonly random: Random;
  /** The layers to look at. Default all, 1 to T: the cost grows as their sum. */
  readonly layers?: readonly number[];
  /** Random vectors that the norm is estimated with. Default 4; the relative error is about √(2/(probes · examples)). */
  readonly probes?: number;
}

/**
 * ‖J_t‖, the Frobenius norm of the Jacobian ∂z_t/∂D, the root mean square over the signals, layer by layer. Where it grows with t
 * before the support has settled, backpropagation through the whole encoder is unstable: truncate it, or make the step smaller.
 *
 * It is estimated with random signs v, E‖Jᵀ v‖² = ‖J‖²: one vector–Jacobian product a probe and layer, and no Jacobian is ever made.
 *
 * @param y signals `[batch, …]`, lent
 * @returns a number a layer, in the order of `layers`
 * @example const norms = await jacobianNorms(network, y, { random: random(0), layers: [1, 10, 100] });
 * @see Hutchinson 1989, "A stochastic estimator of the trace of the influence matrix"; Tolooshams & Ba (2022), section 4
 */
export async function jacobianNorms(
  network: Pudle,
  y: Tensor,
  options: JacobianOptions,
): Promise<Float64Array> {
  requireKnownOptions('jacobianNorms', options, ['random', 'layers', 'probes']);
  const { random, layers = Array.from({ length: network.layers }, (_, index) => index + 1) } = options;
  const probes = requireInteger('probes', options.probes ?? 4);
  if (typeof random?.bits !== 'function') refuse('random', random, 'a seeded generator');
  for (const layer of layers) {
    if (requireInteger('layers', layer) > network.layers)
      refuse('layers', layer, `at most ${network.layers}`);
  }
  const shape = network.problem().operator.codeShape(y.shape);
  const norms = new Float64Array(layers.length);
  for (const [index, count] of layers.entries()) {
    const short = await unroll(trained(network), { layers: count });
    try {
      for (let probe = 0; probe < probes; probe++) {
        const squared = tf.tidy(() =>
          squaredProduct(short, y, signs(shape, random.split(`${count}/${probe}`))),
        );
        norms[index]! += (await squared.data())[0]! / (probes * y.shape[0]!);
        squared.dispose();
      }
    } finally {
      short.dispose();
    }
  }
  return norms.map(Math.sqrt);
}

/** ‖Jᵀ v‖² over all tensors of the operator. */
function squaredProduct(network: Awaited<ReturnType<typeof unroll>>, y: Tensor, v: Tensor): Tensor {
  const names = Object.keys(network.variables).filter((name) => name.startsWith('operator.'));
  const variables = names.map((name) => network.variables[name]!);
  const products = vectorJacobianProduct(() => [network.encode(y)], variables, [v]);
  return tf.addN(products.map((product) => tf.sum(tf.square(product))));
}

const signs = (shape: readonly number[], random: Random): Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((size, length) => size * length, 1) }, () =>
      random.bits() & 1 ? 1 : -1,
    ),
    [...shape],
  );
