import * as tf from '@tensorflow/tfjs-core';
import type { Network, Random } from '@unrolled/contracts';
import type { Subject } from '../conform.ts';
import { drawSignalOf } from '../iteration/subject.ts';
import { download, type HostTensor } from '../shared/host.ts';

/** A network to be examined. The kit disposes of it; what its problem was made of, `dispose` frees. */
export interface NetworkSubject extends Subject {
  readonly network: Network;
  /** The shape of a signal, batch first. A batch of at least 2 and few numbers are best. */
  readonly signalShape: readonly number[];
  /** The signals, row by row. Default: samples of the problem's likelihood at A x with a sparse x. */
  readonly signal?: (random: Random) => ArrayLike<number>;
}

export function drawSignal(subject: NetworkSubject, random: Random): Promise<HostTensor> {
  return drawSignalOf(subject.network.problem(), subject, random);
}

/** All variables of a network as they are now. */
export async function valuesOf(network: Network): Promise<Map<string, HostTensor>> {
  const values = new Map<string, HostTensor>();
  for (const [name, variable] of Object.entries(network.variables))
    values.set(name, await download(variable));
  return values;
}

/** How many tensors there are more after f than before it. */
export function tensorsMadeBy(f: () => unknown): number {
  const before = tf.memory().numTensors;
  f();
  return tf.memory().numTensors - before;
}
