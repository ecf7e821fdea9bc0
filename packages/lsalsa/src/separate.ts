import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@unrolled/backend';
import type { Lsalsa } from './lsalsa.ts';
import { atomsOf } from './sources.ts';

/** What {@link separate} gives, source by source. All fresh tensors. */
export interface Separation {
  /** x_i `[batch, atoms]`. */
  readonly codes: readonly Tensor[];
  /** A_i x_i `[batch, features]`. */
  readonly components: readonly Tensor[];
}

/**
 * The parts of signals: the codes of every source, and what its dictionary makes of them.
 *
 * @param y mixtures `[batch, features]`
 * @example
 * const { components } = separate(network, mixtures);
 */
export function separate(network: Lsalsa, y: Tensor): Separation {
  const [codes, components] = tf.tidy(() => {
    const split = splitCode(network, network.encode(y));
    return [split, componentsOf(network, split)] as [Tensor[], Tensor[]];
  });
  return { codes, components };
}

/** A code `[batch, atoms]` of all sources as one of each. Fresh tensors. */
export function splitCode(network: Lsalsa, code: Tensor): Tensor[] {
  const sizes = atomsOf(network).map(({ shape }) => shape[1]!);
  return sizes.length === 1 ? [tf.clone(code)] : tf.split(code, sizes, -1);
}

function componentsOf(network: Lsalsa, codes: readonly Tensor[]): Tensor[] {
  return atomsOf(network).map((atoms, index) => matMul(codes[index]!, atoms, { transposeB: true }));
}

/**
 * A code with exact zeros: entries that the prior's prox would make zero, |x| ≤ α_i/μ, are zero, and the others stay what they are. A
 * network's x_T is S times something, and has none; u_{T+1} has them, and stays what it is.
 *
 * @param code `[batch, atoms]`, of `network.encode`
 * @returns a fresh tensor
 */
export function sparsify(network: Lsalsa, code: Tensor): Tensor {
  if (network.code === 'u') return tf.clone(code);
  return tf.tidy(() => {
    const step = tf.div(1, network.parameters(network.layers)['penalty']!);
    const support = tf.step(tf.abs(network.problem().prior.prox(code, step)));
    return tf.mul(support, code);
  });
}
