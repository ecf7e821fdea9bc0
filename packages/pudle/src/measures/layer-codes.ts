import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Iteration } from '@unrolled/contracts';
import { iterate } from '@unrolled/solvers';
import type { Pudle } from '../pudle.ts';

/** The code after one layer. */
export interface LayerCode {
  /** From 1 to T. */
  readonly layer: number;
  /** z_t. Lent until the next turn. */
  readonly code: Tensor;
}

/**
 * The codes of a network's layers, one after the other.
 *
 * @param y signals `[batch, …]`, lent for as long as the loop runs
 * @example for await (const { layer, code } of layerCodes(network, y)) console.log(layer, code.shape);
 */
export async function* layerCodes(network: Pudle, y: Tensor): AsyncGenerator<LayerCode, void, void> {
  const iteration = trained(network);
  for await (const { t, state } of iterate(iteration, y)) {
    yield { layer: t, code: iteration.code(state) };
    if (t === network.layers) return;
  }
}

/** The network's iteration with the network's tensors. */
export function trained(network: Pudle): Iteration {
  return {
    ...network.iteration,
    parameters: async () =>
      Object.fromEntries(
        Object.entries<Tensor>(network.parameters(network.layers)).map(([name, tensor]) => [
          name,
          tf.clone(tensor),
        ]),
      ),
  };
}
