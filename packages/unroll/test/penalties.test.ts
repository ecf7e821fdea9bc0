import * as tf from '@tensorflow/tfjs-core';
import { useBackend, valueAndGradients } from '@unrolled/backend';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d, conv2d } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { ista } from '@unrolled/solvers';
import { beforeAll, expect, test } from 'vitest';
import { penalized, reconstruction, smoothness, unroll } from '../src/index.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const parts = () => ({ prior: l1(0.1), likelihood: gaussian() });
const networkOver = (shape: [number, number, number], values: number[]) =>
  unroll(ista({ operator: conv1d(tf.tensor3d(values, shape)), ...parts() }), {
    layers: 2,
    train: ['operator.filters'],
    share: { 'operator.filters': 'each' },
  });

test('smoothness is the sum of squared differences along time, of every layer, and its gradient', async () => {
  // Two atoms over three samples: 0 1 3 and 0 0 −2, in both layers: 2 · 0.5 · (1 + 4 + 0 + 4).
  const network = await networkOver([3, 1, 2], [0, 0, 1, 0, 3, -2]);
  const penalty = smoothness('operator.filters', 0.5);
  const first = network.variables['operator.filters/1']!;
  const { value, gradients } = valueAndGradients(() => penalty(network), [first]);
  expect((await value.data())[0]).toBe(9);
  // weight · 2 · (h[n] − h[n − 1] − (h[n + 1] − h[n])).
  expect([...(await gradients[0]!.data())]).toEqual([-1, 0, -1, 2, 2, -2]);
});

test('smoothness of images goes down and to the right', async () => {
  const operator = conv2d(tf.tensor4d([0, 1, 3, 7], [2, 2, 1, 1]));
  const network = await unroll(ista({ operator, ...parts() }), { layers: 1 });
  expect((await smoothness('operator.filters', 1)(network).data())[0]).toBe(3 ** 2 + 6 ** 2 + 1 + 4 ** 2);
});

test('a penalized loss is the sum, and leaves nothing behind', async () => {
  const network = await networkOver([3, 1, 2], [0, 0, 1, 0, 3, -2]);
  const y = tf.ones([2, 6, 1]);
  const before = tf.memory().numTensors;
  const sum = penalized(reconstruction(), [
    smoothness('operator.filters', 1),
    smoothness('operator.filters', 2),
  ]);
  const [loss, plain] = [sum(network, y), reconstruction()(network, y)];
  expect((await loss.data())[0]! - (await plain.data())[0]!).toBeCloseTo(54, 4);
  tf.dispose([loss, plain]);
  expect(tf.memory().numTensors).toBe(before);
});

test('refuses what is no penalty', async () => {
  const network = await networkOver([3, 1, 1], [0, 1, 2]);
  expect(() => penalized(reconstruction(), [])).toThrow('penalties');
  expect(() => smoothness('operator.filters', -1)).toThrow('weight');
  expect(() => smoothness('operator.atoms', 1)(network)).toThrow(
    'parameter: expected one of operator.filters/1',
  );
});
