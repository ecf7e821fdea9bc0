import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista } from '@unrolled/solvers';
import { beforeAll, describe, expect, test } from 'vitest';
import { codeError, type Pair, pairedMinibatches, sgd, train, unroll } from '../src/index.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const draw = random(4);
const normal = (rows: number, columns: number): tf.Tensor2D =>
  tf.tensor2d(
    Float32Array.from({ length: rows * columns }, () => draw.normal()),
    [rows, columns],
  );

describe('supervised training', () => {
  test('batches keep each input beside its target', async () => {
    const input = { data: Float32Array.from([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]), shape: [5, 2] };
    const target = tf.tensor2d([0, 10, 20, 30, 40], [5, 1]);
    const before = tf.memory().numTensors;
    const seen: number[] = [];
    for (const batch of pairedMinibatches(input, target, 2).epoch(random(1)) as Iterable<Pair>) {
      const [x, y] = [await batch.input.data(), await batch.target.data()];
      y.forEach((value, row) => {
        expect(value).toBe(10 * x[2 * row]!);
        seen.push(value);
      });
      tf.dispose({ ...batch });
    }
    expect(seen.sort((a, b) => a - b)).toEqual([0, 10, 20, 30, 40]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([
    [
      'fewer targets',
      () => pairedMinibatches(tf.ones([3, 2]), tf.ones([2, 2]), 1),
      'target: expected as many targets',
    ],
    ['no inputs', () => pairedMinibatches(tf.ones([0, 2]), tf.ones([2, 2]), 1), 'input: expected examples'],
    [
      'a target that is not finite',
      () =>
        pairedMinibatches(tf.ones([1, 2]), { data: Float32Array.from([1, Number.NaN]), shape: [1, 2] }, 1),
      'target: expected finite numbers',
    ],
    ['a batch size of 0', () => pairedMinibatches(tf.ones([1, 2]), tf.ones([1, 2]), 0), 'batchSize'],
  ])('refuses %s', (_, work, message) => {
    expect(work).toThrow(message);
  });

  test('codeError is half the mean squared distance, and goes down', async () => {
    const problem = { operator: dense(normal(6, 9)), prior: l1(0.2), likelihood: gaussian() };
    const network = await unroll(fista(problem), { layers: 3, train: ['operator.atoms'] });
    const [input, target] = [normal(8, 6), normal(8, 9)];
    const [code, wanted] = [await network.encode(input).data(), await target.data()];
    const expected = Array.from(code, (value, i) => (value - wanted[i]!) ** 2).reduce((a, b) => a + b) / 16;
    const losses: number[] = [];
    const stage = {
      name: 'codes',
      train: ['operator.atoms'],
      loss: codeError(),
      optimizer: sgd({ rate: 0.01 }),
    };
    const batches = pairedMinibatches(input, target, 8);
    for await (const event of train(network, batches, { stages: [stage], epochs: 4 }))
      if (event.type === 'epoch') losses.push(event.losses['codes']!);
    expect(losses[0]! / expected).toBeCloseTo(1, 5);
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
    network.dispose();
  });
});
