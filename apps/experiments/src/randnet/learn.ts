import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Gradient, Network, Random } from '@unrolled/contracts';
import { adam, reconstruction, train } from '@unrolled/unroll';
import type { Measuring } from './measurements.ts';
import { dictionaryName, keepStepSafe, measureBy, measured } from './randnet.ts';

/** How H is learned. */
export interface Learning {
  readonly epochs: number;
  readonly rate: number;
  readonly gradient: Gradient;
}

/** Updates from one look at the step to the next. */
const checks = 10;

/** What learning told, epoch by epoch. */
export interface Learned {
  /** ½‖u − Φ H x‖², the mean over an epoch's blocks, before the update of each. */
  readonly losses: readonly number[];
  /** What `watch` gave at the start and after every epoch. */
  readonly watched: readonly number[];
}

/**
 * Learns H from measurements alone: block by block in random order, each through its own matrix, which is made from its seed when the
 * block's turn comes.
 *
 * @param block the signals of a block `[signals, features]`; freed here
 * @param matrixOf which matrix measures a block
 */
export async function learn(
  network: Network,
  {
    measuring,
    blocks,
    block,
    matrixOf = (index) => index,
    watch = async () => 0,
  }: {
    readonly measuring: Measuring;
    readonly blocks: number;
    readonly block: (index: number) => Tensor;
    readonly matrixOf?: (index: number) => number;
    readonly watch?: () => Promise<number>;
  },
  { epochs, rate, gradient }: Learning,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<Learned> {
  async function* batches(random: Random): AsyncGenerator<Tensor> {
    for (const [turn, index] of random.permutation(blocks).entries()) {
      measureBy(network, measuring, matrixOf(index));
      if (turn % checks === 0) await keepStepSafe(network);
      const signals = block(index);
      yield tf.tidy(() => measured(network, signals));
      signals.dispose();
    }
  }
  const stages = [
    { name: 'H', train: [dictionaryName], loss: reconstruction({ gradient }), optimizer: adam({ rate }) },
  ];
  const losses: number[] = [];
  const watched = [await watch()];
  for await (const event of train(network, batches, { stages, epochs, seed, signal })) {
    if (event.type !== 'epoch') continue;
    losses.push(event.losses['H']!);
    watched.push(await watch());
  }
  await keepStepSafe(network);
  return { losses, watched };
}
