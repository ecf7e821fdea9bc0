import * as tf from '@tensorflow/tfjs-core';
import { useBackend, valueAndGradients } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { ista } from '@unrolled/solvers';
import { beforeAll, expect, test } from 'vitest';
import { accumulated, adam, type Loss, lasso, reconstruction, train, unroll } from '../src/index.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const draw = random(4);
const normals = (...shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => draw.normal()),
    shape,
  );
const makeNetwork = (atoms: tf.Tensor) =>
  unroll(ista({ operator: dense(atoms as tf.Tensor2D), prior: l1(0.1), likelihood: gaussian() }), {
    layers: 4,
    train: ['operator.atoms', 'prior.weight'],
  });

// Blocks that divide the batch, that do not, of one example, and of more than there are.
test.each([4, 5, 1, 99])('blocks of %i have the loss and the gradients of the whole batch', async (size) => {
  const network = await makeNetwork(normals(6, 8));
  const y = normals(12, 6);
  const before = tf.memory().numTensors;
  const variables = [network.variables['operator.atoms']!, network.variables['prior.weight']!];
  const numbers = async (loss: Loss) => {
    const { value, gradients } = valueAndGradients(() => tf.mul(3, loss(network, y)), variables);
    const all = await Promise.all(
      [value, ...gradients].map(async (tensor) => Array.from(await tensor!.data())),
    );
    tf.dispose([value, ...gradients.filter((gradient) => gradient !== null)]);
    return all.flat();
  };
  const [whole, blocks] = [await numbers(lasso()), await numbers(accumulated(lasso(), size))];
  expect(tf.memory().numTensors).toBe(before);
  const scale = Math.hypot(...whole);
  // Float32 sums in another order.
  expect(Math.hypot(...whole.map((value, index) => value - blocks[index]!)) / scale).toBeLessThan(1e-6);
  network.dispose();
});

test('the tape holds one block at a time', async () => {
  const network = await makeNetwork(normals(6, 8));
  const y = normals(64, 6);
  let most = 0;
  const watched: Loss = (of, part) => {
    most = Math.max(most, part.shape[0]!);
    return reconstruction()(of, part);
  };
  const stages = [
    {
      name: 'atoms',
      train: ['operator.atoms'],
      loss: accumulated(watched, 10),
      optimizer: adam({ rate: 0.01 }),
    },
  ];
  const losses: number[] = [];
  for await (const event of train(network, y, { stages, epochs: 3, batchSize: 64 }))
    if (event.type === 'epoch') losses.push(event.losses['atoms']!);
  expect(most).toBe(10);
  expect(losses[2]).toBeLessThan(losses[0]!);
  network.dispose();
});

test.each([0, 1.5, Number.NaN])('refuses blocks of %s', (size) => {
  expect(() => accumulated(reconstruction(), size)).toThrow('size');
});
