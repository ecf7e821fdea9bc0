import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '@unrolled/contracts';
import { type HostExamples, train } from '@unrolled/unroll';
import { stopwatch } from '../cpu-time.ts';
import { makeMethod } from './methods.ts';
import type { Learning } from './plan.ts';
import { distanceTo, type SparseWorld, sparseWorld } from './sparse-world.ts';

/** How a dictionary was learned, and what became of it. */
export interface LearningResult {
  readonly learning: Learning;
  /** ‖D − D*‖, in the Frobenius norm; the first point is before any update. */
  readonly curve: readonly { readonly update: number; readonly distance: number }[];
  /** ‖D*‖: what makes the distance relative. */
  readonly norm: number;
  /** ‖z_T − z*‖, the mean over examples, after training. */
  readonly codeError: number;
  /** CPU seconds of training, one thread. */
  readonly seconds: number;
}

/** Learns a dictionary from near the truth, and tells how near it comes. */
export async function learn(
  learning: Learning,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<LearningResult> {
  const { world: size, deviation, updates, batch, every } = learning;
  const world = sparseWorld(size, deviation, seed);
  const { network, stages } = await makeMethod(learning, world.start);
  world.start.dispose();
  const atoms = network.variables['operator.atoms']!;
  const distance = async (): Promise<number> => distanceTo(world.truth, await atoms.data());
  try {
    const curve = [{ update: 0, distance: await distance() }];
    const epochs = Math.ceil((updates * batch) / size.examples);
    const options = { stages, epochs, batchSize: batch, seed, signal };
    const watch = stopwatch();
    for await (const event of train(network, world.signals, options)) {
      if (event.type !== 'step') continue;
      if (event.step % every === 0 || event.step === updates)
        curve.push({ update: event.step, distance: await watch.without(distance) });
    }
    const seconds = watch.seconds();
    return {
      learning,
      curve,
      norm: Math.hypot(...world.truth.data),
      codeError: await codeErrorOf(network, world),
      seconds,
    };
  } finally {
    network.dispose();
  }
}

/** Examples whose codes are looked at. */
const coded = 500;

/** ‖z_T − z*‖, the mean over the first examples. */
async function codeErrorOf(network: Network, { signals, codes }: SparseWorld): Promise<number> {
  const first = ({ data, shape: [examples, width] }: HostExamples): Tensor => {
    const rows = Math.min(coded, examples!);
    return tf.tensor2d(data.subarray(0, rows * width!), [rows, width!]);
  };
  const error = tf.tidy(() => tf.mean(tf.norm(tf.sub(network.encode(first(signals)), first(codes)), 2, 1)));
  const [value] = await error.data();
  error.dispose();
  return value!;
}
