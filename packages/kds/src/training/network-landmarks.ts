import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '@unrolled/contracts';
import type { HostExamples } from '@unrolled/unroll';

/** The name of the landmarks among a network's variables. */
const name = 'operator.atoms';

/** The landmarks of a network on the host, `[features, atoms]`. */
export async function readLandmarks(network: Network): Promise<HostExamples> {
  const variable = network.variables[name]!;
  return { data: Float32Array.from(await variable.data()), shape: variable.shape };
}

/** Gives a network other landmarks. */
export function writeLandmarks(network: Network, { data, shape }: HostExamples): void {
  tf.tidy(() => network.variables[name]!.assign(tf.tensor(data, [...shape])));
}
