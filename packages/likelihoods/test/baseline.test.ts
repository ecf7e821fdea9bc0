import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Likelihood } from '@unrolled/contracts';
import { random } from '@unrolled/contracts';
import { beforeAll, describe, expect, test } from 'vitest';
import { bernoulli, binomial, gamma, gaussian, negativeBinomial, poisson } from '../src/index.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const read = async (tensor: tf.Tensor): Promise<number[]> => Array.from(await tensor.data());

const makers: readonly (readonly [string, (baseline?: tf.Tensor) => Likelihood])[] = [
  ['gaussian', (baseline) => gaussian({ baseline })],
  ['poisson', (baseline) => poisson({ baseline })],
  ['poisson with a peak', (baseline) => poisson({ baseline, peak: 2 })],
  ['binomial', (baseline) => binomial({ trials: 9, baseline })],
  ['bernoulli', (baseline) => bernoulli({ baseline })],
  ['negativeBinomial', (baseline) => negativeBinomial({ dispersion: 0.3, baseline })],
  ['gamma', (baseline) => gamma({ shape: 2, baseline })],
];

describe.each(makers)('the baseline of %s', (_, make) => {
  const shape = [2, 3, 2];
  const eta = (): tf.Tensor => tf.tensor([-1, 0.5, 0, 1, -0.5, 0.25, 2, -2, 0.1, 0.2, 0.3, 0.4], shape);
  const y = (): tf.Tensor => tf.fill(shape, 1) as tf.Tensor;

  test.each([[[]], [[2]], [[1, 1, 2]], [[2, 1, 1]], [[2, 3, 2]]])(
    'of shape %j is added to η once, wherever η is given',
    async (size: number[]) => {
      const values = Float32Array.from({ length: tf.util.sizeFromShape(size) }, (__, i) => 0.25 * i - 0.5);
      const baseline = tf.tensor(values, size);
      const [around, plain] = [make(baseline), make()];
      const sum = tf.add(eta(), baseline);
      for (const name of ['mean', 'variance', 'logPartition'] as const) {
        expect(await read(around[name](eta()))).toEqual(await read(plain[name](sum)));
      }
      for (const name of ['negLogLik', 'residual', 'deviance'] as const) {
        expect(await read(around[name](y(), eta()))).toEqual(await read(plain[name](y(), sum)));
      }
      const [drawn, same] = [await around.sample(eta(), random(3)), await plain.sample(sum, random(3))];
      expect(await read(drawn)).toEqual(await read(same));
    },
  );

  test('is a parameter with a gradient: one number an example for a baseline of each', async () => {
    const gradient = await read(
      tf.grad((baseline: tf.Tensor) => tf.sum(make(baseline).negLogLik(y(), eta())))(tf.zeros([2, 1, 1])),
    );
    const exact = make();
    const slopes = await read(tf.grad((e: tf.Tensor) => tf.sum(exact.negLogLik(y(), e)))(eta()));
    // The same six terms, added in another order.
    for (const [i, value] of gradient.entries()) {
      expect(value).toBeCloseTo(
        slopes.slice(6 * i, 6 * i + 6).reduce((a, b) => a + b, 0),
        4,
      );
    }
  });

  test('is the tensor that was given, and another one with `with`', () => {
    const [first, second] = [tf.scalar(1), tf.scalar(2)];
    const likelihood = make(first);
    expect(likelihood.parameters['baseline']).toBe(first);
    expect(likelihood.with({ baseline: second }).parameters['baseline']).toBe(second);
    expect(make().parameters).toEqual({});
  });
});

test('numbers become tensors that the caller owns', async () => {
  const before = tf.memory().numTensors;
  const [one, many] = [poisson({ baseline: 0.5 }), gaussian({ baseline: [1, 2] })];
  expect(one.parameters.baseline.shape).toEqual([]);
  expect(await read(many.parameters.baseline)).toEqual([1, 2]);
  tf.dispose([one.parameters, many.parameters]);
  expect(tf.memory().numTensors).toBe(before);
});

describe('refuses', () => {
  const zeros = (): tf.Tensor => tf.zeros([2, 3]);
  test.each<[string, () => unknown, string]>([
    ['a peak of 0', () => poisson({ peak: 0 }), 'peak: expected a number > 0, got 0'],
    ['a negative rate', () => poisson({ largestRate: -1 }), 'largestRate: expected a number > 0, got -1'],
    ['a rate too large', () => poisson({ largestRate: 1e10 }), 'largestRate: expected at most 1000000000'],
    ['a misspelt option', () => poisson({ peek: 1 } as never), 'poisson: unknown option "peek"'],
    ['no trials', () => binomial({} as never), 'trials: expected a whole number ≥ 1, got undefined'],
    ['half a trial', () => binomial({ trials: 1.5 }), 'trials: expected a whole number ≥ 1, got 1.5'],
    ['trials of a coin', () => bernoulli({ trials: 1 } as never), 'bernoulli: unknown option "trials"'],
    ['no dispersion', () => negativeBinomial({ dispersion: 0 }), 'dispersion: expected a number > 0, got 0'],
    ['a shape that is none', () => gamma({ shape: Number.NaN }), 'shape: expected a finite number, got NaN'],
    [
      'a baseline of NaN',
      () => poisson({ baseline: Number.NaN }),
      'baseline: expected finite numbers, got NaN',
    ],
    [
      'an empty baseline',
      () => gaussian({ baseline: [] }),
      'baseline: expected a number, an array of numbers or',
    ],
    ['whole baselines', () => gaussian({ baseline: tf.zeros([2], 'int32') }), 'baseline: expected a float32'],
    [
      'a baseline that does not fit',
      () => poisson({ baseline: [1, 2] }).mean(zeros()),
      'baseline: expected a shape that broadcasts to that of the signal [2, 3], got [2]',
    ],
    [
      'a baseline that would make the signal larger',
      () => poisson({ baseline: tf.zeros([4, 2, 3]) }).residual(zeros(), zeros()),
      'baseline: expected a shape that broadcasts to that of the signal [2, 3], got [4, 2, 3]',
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test.each<[string, Likelihood, number[], string]>([
    ['a negative count', poisson(), [2, -1], 'y: expected counts, whole numbers ≥ 0, got -1 at index 1'],
    ['half a count', negativeBinomial({ dispersion: 1 }), [0.5], 'got 0.5 at index 0'],
    [
      'a count above the rate',
      poisson({ largestRate: 5 }),
      [6],
      'whole numbers from 0 to 5, got 6 at index 0',
    ],
    [
      'a count above M',
      binomial({ trials: 3 }),
      [3, 4],
      'y: expected counts, whole numbers from 0 to 3, got 4',
    ],
    ['two heads of one coin', bernoulli(), [2], 'whole numbers from 0 to 1, got 2'],
    ['a rate in place of a count', binomial({ trials: 10 }), [0.3], 'got 0.3 at index 0'],
    ['a power of 0', gamma(), [0], 'y: expected numbers > 0, got 0 at index 0'],
    ['NaN', gaussian(), [0, Number.NaN], 'y: expected finite numbers, got NaN at index 1'],
  ])('as data: %s', (_, likelihood, values, message) => {
    expect(() => likelihood.requireData!('y', values)).toThrow(message);
  });
});
