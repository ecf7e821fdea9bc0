import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradients } from '@unrolled/backend';
import { reconstruction } from '@unrolled/unroll';
import { describe, expect, it } from 'vitest';
import { watchTensors } from '../../backend/test/support/watch-tensors.ts';
import { batchCodes, type Crsae } from '../src/index.ts';
import { normals } from './tensors.ts';
import { makeWorld, networkOf } from './world.ts';

watchTensors();

const world = makeWorld({ seed: 2, examples: 2, time: 30, length: 5, atoms: 2 });

async function made(): Promise<{ network: Crsae; encoded: () => number; y: tf.Tensor; other: tf.Tensor }> {
  const network = await networkOf(world, { weight: 0.2, layers: 3 });
  let count = 0;
  const counting: Crsae = {
    ...network,
    encode: (y, options) => {
      count++;
      return network.encode(y, options);
    },
  };
  const window = (seed: number) => tf.tensor3d(normals(seed, 2, 30, 1), [2, 30, 1]);
  return { network: counting, encoded: () => count, y: window(1), other: window(2) };
}

describe('batchCodes', () => {
  it('encodes a batch once, and another batch again', async () => {
    const { network, encoded, y, other } = await made();
    const codes = batchCodes();
    const first = codes.of(network, y);
    const expected = network.encode(y);
    expect(await first.data()).toEqual(await expected.data());
    expect(codes.of(network, y)).toBe(first);
    expect(encoded()).toBe(2);
    expect(await codes.of(network, other).data()).not.toEqual(await expected.data());
    expect(encoded()).toBe(3);
    expect(first.isDisposed).toBe(true);
    codes.dispose();
    codes.dispose();
    tf.dispose([y, other, expected]);
    network.dispose();
  });

  it('keeps what a loss encodes, as a constant, over the loss’s scope', async () => {
    const { network, encoded, y, other } = await made();
    const codes = batchCodes();
    const filters = network.variables['operator.filters']!;
    const of = (loss: () => tf.Tensor) => {
      const { value, gradients } = valueAndGradients(loss, [filters]);
      const gradient = gradients[0]?.dataSync().slice() ?? null;
      tf.dispose([value, ...gradients.flatMap((tensor) => tensor ?? [])]);
      return gradient;
    };
    const plain = of(() => reconstruction()(network, y));
    // Watching changes nothing about the loss or its gradient.
    expect(of(() => reconstruction()(codes.watch(network), y))).toEqual(plain);
    const before = encoded();
    expect(codes.of(network, y).isDisposed).toBe(false);
    expect(encoded()).toBe(before);
    // Inside a loss, too, the codes are a constant: kept ones and fresh ones.
    for (const batch of [y, other]) expect(of(() => tf.sum(codes.of(network, batch)))).toBeNull();
    const own = of(() => {
      codes.watch(network).encode(y);
      return tf.sum(codes.of(network, y));
    });
    expect(own).toBeNull();
    codes.dispose();
    tf.dispose([y, other]);
    network.dispose();
  });

  it('keeps all that a loss encodes for the batch that it names, and nothing of the step before', async () => {
    const { network, encoded, y, other } = await made();
    const codes = batchCodes();
    for (const turn of [1, 2]) {
      const found = tf.tidy(() => {
        const watched = codes.watch(network, y);
        const parts = [watched.encode(other), watched.encode(y)];
        return tf.concat(parts, 0);
      });
      // Encoded in two parts: what is kept is both.
      expect(codes.of(network, y).shape).toEqual(found.shape);
      expect(await codes.of(network, y).data()).toEqual(await found.data());
      expect(encoded()).toBe(2 * turn);
      found.dispose();
    }
    codes.dispose();
    tf.dispose([y, other]);
    network.dispose();
  });
});
