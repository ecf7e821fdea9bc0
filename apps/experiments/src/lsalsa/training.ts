import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { isUnrolledError, type Network } from '@unrolled/contracts';
import { codeError } from '@unrolled/unroll';
import { slice } from './examples.ts';
import { type Method, type Setting, trainOn } from './methods.ts';
import type { Half } from './scenario.ts';

/** How a network was trained. */
export interface Training {
  /** Half the mean squared distance to the optimal codes of signals that are held out: untrained, then after every epoch. */
  readonly losses: readonly number[];
  /** The epoch whose parameters the network has; 0: it is as it was, because no epoch made it better. */
  readonly best: number;
}

/** The largest part of the signals that is held out, and at most how many. */
const heldOut = { part: 0.1, most: 1000 } as const;

/** Gradients of a sum over the code are cut where they are longer: an early layer that amplifies would throw everything away. */
const longestGradient = 10;

/**
 * Trains a method on the optimal codes, and leaves the network as it was after its best epoch on signals that are held out. A network
 * that no epoch has made better is left untrained: it is then the algorithm that it unrolls.
 */
export async function trainBest(
  network: Network,
  method: Method,
  { signals, targets }: Half,
  setting: Setting,
  options: { readonly epochs: number; readonly batchSize: number; readonly signal?: AbortSignal | undefined },
): Promise<Training> {
  const count = signals.shape[0]!;
  const kept = count - Math.min(heldOut.most, Math.ceil(count * heldOut.part));
  const pair = (): { input: Tensor; target: Tensor } => ({
    input: tensorOf(slice(signals, kept, count)),
    target: tensorOf(slice(targets, kept, count)),
  });
  const held = pair();
  const before = tf.tidy(() => network.trainable.map((variable) => tf.clone(variable)));
  const validation = (current: Network): Tensor => codeError()(current, held);
  try {
    const losses = [await numberOf(tf.tidy(() => validation(network)))];
    const part: Half = { signals: slice(signals, 0, kept), targets: slice(targets, 0, kept) };
    const { signal, ...others } = options;
    const training = trainOn(network, method, part, setting, {
      ...others,
      batchSize: Math.min(options.batchSize, kept),
      clip: longestGradient,
      validation,
      patience: Math.max(2, Math.ceil(options.epochs / 3)),
      ...(signal && { signal }),
    });
    try {
      for await (const event of training) if (event.type === 'epoch') losses.push(event.validation!);
    } catch (error) {
      // A rate that was too large: the best epoch until then counts.
      if (!isUnrolledError(error, 'DIVERGED')) throw error;
    }
    const best = losses.indexOf(Math.min(...losses));
    if (best === 0)
      for (const [index, variable] of network.trainable.entries()) variable.assign(before[index]!);
    return { losses, best };
  } finally {
    tf.dispose([...before, held.input, held.target]);
  }
}

const tensorOf = ({
  data,
  shape,
}: {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}): Tensor => tf.tensor(data, [...shape]);

async function numberOf(scalar: Tensor): Promise<number> {
  const [value] = await scalar.data();
  scalar.dispose();
  return value!;
}
