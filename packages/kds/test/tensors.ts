import * as tf from '@tensorflow/tfjs-core';
import { simulateMoons } from '@unrolled/data';
import type { HostExamples } from '@unrolled/unroll';
import { draw } from '../../backend/test/support/tensors.ts';
import { type Kds, type KdsOptions, kds } from '../src/index.ts';

/** Normal numbers of a seed. */
export const normals = (seed: number, ...shape: number[]): HostExamples => ({
  data: draw(seed, tf.util.sizeFromShape(shape)),
  shape,
});

/** Two moons on the host: points, and which one each is on. */
export function twoMoons(count: number, seed: number) {
  const { points, labels } = simulateMoons({ points: count, seed });
  return { points, labels: labels.data };
}

/** A network around landmarks on the host. */
export async function networkOf(
  { data, shape }: HostExamples,
  options: Omit<KdsOptions, 'landmarks'>,
): Promise<Kds> {
  const landmarks = tf.tensor(data, [...shape]);
  try {
    return await kds({ landmarks, ...options });
  } finally {
    landmarks.dispose();
  }
}

/** Uses a network, and disposes of it. */
export async function withNetwork<R>(network: Promise<Kds>, use: (network: Kds) => Promise<R>): Promise<R> {
  const owned = await network;
  try {
    return await use(owned);
  } finally {
    owned.dispose();
  }
}

/** The codes of examples, row by row. */
export async function codesIn(network: Kds, { data, shape }: HostExamples): Promise<number[][]> {
  const codes = tf.tidy(() => network.encode(tf.tensor(data, [...shape])));
  const values = Array.from(await codes.data());
  codes.dispose();
  const atoms = values.length / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, row) => values.slice(row * atoms, (row + 1) * atoms));
}
