import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@unrolled/backend';
import type { Network } from '@unrolled/contracts';
import { normal } from '../tensors.ts';
import { crsaeFor, denseNetwork, windows } from './networks.ts';
import { network, pure, type Work } from './work.ts';

/** CRsAE on windows `[count, length, 1]`. */
const crsaeWork = (count: number, length: number, atoms: number, filter: number, layers: number) =>
  network(
    `CRsAE, ${count} × ${length} samples, ${atoms} filters of ${filter}, ${layers} layers`,
    'convolutional',
    2 * count * (length - filter + 1) * filter * atoms,
    layers,
    async () => {
      const { signals, filters } = windows(count, length, atoms, filter);
      const made = await crsaeFor(filters, layers);
      filters.dispose();
      return { network: made as unknown as Network, y: signals };
    },
  );

const denseWork = (batch: number, features: number, atoms: number, layers: number) =>
  network(
    `dense FISTA, ${batch} × ${features} → ${atoms}, ${layers} layers`,
    'dense',
    2 * batch * features * atoms,
    layers,
    async () => ({ network: await denseNetwork(features, atoms, layers), y: normal([batch, features], 12) }),
  );

/** Small before large of its kind: what would take too long is seen coming. */
export const works: readonly Work[] = [
  pure('sum of two arrays of 64 MB', 'elementwise', 4096, 2 * 4096 ** 2, (a, b) => tf.add(a, b)),
  ...crsaeWork(32, 500, 3, 18, 30),
  ...denseWork(64, 64, 256, 16),
  pure('product of two 1024 × 1024 matrices', 'dense', 1024, 4 * 1024 ** 3, (a, b) => matMul(a, b)),
  ...denseWork(512, 256, 1024, 16),
  ...crsaeWork(16, 4000, 16, 45, 30),
];
