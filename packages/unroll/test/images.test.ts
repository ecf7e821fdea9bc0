import * as tf from '@tensorflow/tfjs-core';
import { useBackend, valueAndGradients } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv2d, unitSphere } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista, maxIterations, solve } from '@unrolled/solvers';
import { beforeAll, describe, expect, test } from 'vitest';
import { adam, reconstruction, train, unroll } from '../src/index.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const normal = (shape: number[], seed: number): tf.Tensor => {
  const draw = random(seed);
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Float32Array.from({ length: size }, () => draw.normal()),
    shape,
  );
};

const problemOf = (filters: tf.Tensor, stride: 1 | 2 = 1) => ({
  operator: conv2d(filters, { stride }),
  prior: l1(0.15),
  likelihood: gaussian(),
});

/** Images that a few atoms make, at random places. */
function makeImages(filters: tf.Tensor, count: number): tf.Tensor {
  const draw = random(3);
  const shape = [count, 8, 8, filters.shape[3]!];
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () =>
    draw.uniform() < 0.03 ? draw.uniform(1, 3) : 0,
  );
  return tf.tidy(() => conv2d(filters).apply(tf.tensor(values, shape)));
}

describe.each([1, 2] as const)('images, stride %i', (stride) => {
  test('the network is FISTA stopped early, bit by bit', async () => {
    const filters = tf.tidy(() => unitSphere(normal([4, 3, 2, 5], 1)));
    const y = normal([2, 12, 13, 2], 2);
    const problem = problemOf(filters, stride);
    const network = await unroll(fista(problem), { layers: 9 });
    const { code } = await solve(fista(problem), y, { stop: [maxIterations(9)] });
    const encoded = network.encode(y);
    expect(await encoded.data()).toEqual(await code.data());
    network.dispose();
    tf.dispose([filters, y, code, encoded, problem.prior.parameters]);
  });

  test('gradients of filters are finite differences', async () => {
    const filters = tf.tidy(() => unitSphere(normal([3, 3, 2, 4], 4)));
    const y = normal([2, 11, 9, 2], 5);
    const problem = problemOf(filters, stride);
    const iteration = fista(problem, { step: 0.1 });
    const network = await unroll(iteration, { layers: 6, train: ['operator.filters'] });
    const [variable] = network.trainable as [tf.Variable];
    const loss = () => tf.tidy(() => tf.mean(tf.square(tf.sub(y, network.decode(network.encode(y))))));
    const { value, gradients } = valueAndGradients(loss, [variable]);
    const direction = normal(variable.shape, 6);
    const slope = (await tf.sum(tf.mul(gradients[0]!, direction)).data())[0]!;
    const at = async (distance: number) => {
      variable.assign(tf.add(filters, tf.mul(distance, direction)));
      return (await loss().data())[0]!;
    };
    // The loss is near 1 and rounds to 6e-8: over 4e-3 that is 1.5e-5 of slope. The difference itself errs with the square.
    const h = 2e-3;
    const difference = ((await at(h)) - (await at(-h))) / (2 * h);
    expect(Math.abs(slope - difference)).toBeLessThan(2e-3 * Math.max(Math.abs(slope), 1));
    tf.dispose([value, gradients[0]!]);
    expect(Math.abs(slope)).toBeGreaterThan(0.01);
    network.dispose();
    tf.dispose([filters, y, direction, problem.prior.parameters]);
  });
});

test('training on images lowers the loss, and leaves no tensor behind', async () => {
  const truth = tf.tidy(() => unitSphere(normal([4, 4, 1, 3], 7)));
  const start = tf.tidy(() => unitSphere(tf.add(truth, tf.mul(0.25, normal([4, 4, 1, 3], 8)))));
  const y = makeImages(truth, 8);
  const network = await unroll(fista(problemOf(start)), {
    layers: 6,
    train: ['operator.filters'],
    constraints: { 'operator.filters': unitSphere },
  });
  const losses: number[] = [];
  const before = tf.memory().numTensors;
  const stage = {
    name: 'filters',
    train: ['operator.filters'],
    loss: reconstruction(),
    optimizer: adam({ rate: 0.02 }),
  };
  for await (const event of train(network, y, { stages: [stage], epochs: 8, batchSize: 4 })) {
    if (event.type === 'epoch') losses.push(event.losses['filters']!);
  }
  expect(tf.memory().numTensors).toBe(before);
  expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]!);
  network.dispose();
  tf.dispose([truth, start, y]);
});
