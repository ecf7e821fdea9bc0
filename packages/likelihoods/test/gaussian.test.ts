import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { beforeAll, describe, expect, test } from 'vitest';
import { gaussian } from '../src/index.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const { negLogLik, residual, deviance, mean, variance, logPartition, sample, dualValue } = gaussian();
const read = async (tensor: tf.Tensor): Promise<number[]> => Array.from(await tensor.data());

test('known values, of every example', async () => {
  const [y, eta] = [
    tf.tensor2d([
      [3, 4],
      [1, 1],
    ]),
    tf.tensor2d([
      [0, 0],
      [1, -1],
    ]),
  ];
  expect(await read(negLogLik(y, eta))).toEqual([12.5, 2]);
  expect(await read(deviance(y, eta))).toEqual([25, 4]);
  expect(await read(residual(y, eta))).toEqual([3, 4, 0, 2]);
  expect(await read(mean(eta))).toEqual([0, 0, 1, -1]);
  expect(await read(variance(eta))).toEqual([1, 1, 1, 1]);
  expect(await read(logPartition(y))).toEqual([4.5, 8, 0.5, 0.5]);
});

test('sums over time and channels', async () => {
  const y = tf.ones([2, 3, 4]);
  expect(await read(negLogLik(y, tf.zeros([2, 3, 4])))).toEqual([6, 6]);
});

test('the residual is minus the gradient of the loss on the tape', async () => {
  const [y, eta] = [tf.tensor2d([[3, 4]]), tf.tensor2d([[1, -1]])];
  const gradient = tf.grad((e: tf.Tensor) => tf.sum(negLogLik(y, e)))(eta);
  expect((await read(gradient)).map((entry) => -entry)).toEqual(await read(residual(y, eta)));
});

describe('dualValue: the lasso min ½‖y − x‖² + w‖x‖₁ of one atom an entry, whose solution is known', () => {
  const [y, weight] = [[3, -0.5, 1.25], 1] as const;
  const solution = y.map((entry) => Math.sign(entry) * Math.max(Math.abs(entry) - weight, 0));
  const primal = solution.reduce((sum, x, i) => sum + (y[i]! - x) ** 2 / 2 + weight * Math.abs(x), 0);
  const dualAt = async (theta: number[]) =>
    (await read(dualValue!(tf.tensor2d([[...y]]), tf.tensor2d([theta]))))[0]!;

  test('the gap closes at the residual of the solution', async () => {
    expect(await dualAt(y.map((entry, i) => entry - solution[i]!))).toBeCloseTo(primal, 6);
  });
  test('is below the primal value at every other feasible point', async () => {
    const generator = random(3);
    for (let draw = 0; draw < 50; draw++) {
      const theta = y.map(() => generator.uniform(-weight, weight));
      expect(await dualAt(theta)).toBeLessThanOrEqual(primal);
    }
  });
  test('is ½‖y‖² − ½‖y − θ‖², without that difference’s rounding', async () => {
    // ½‖y‖² is 5e9: float32 knows it to some hundreds.
    const value = await read(dualValue!(tf.tensor2d([[1e5]]), tf.tensor2d([[1e-3]])));
    expect(value[0]).toBeCloseTo(100, 3);
  });
});

test('samples of one generator state are the same, and have mean η and variance 1', async () => {
  const eta = tf.fill([1, 20_000], 3) as tf.Tensor;
  const draws = await read(await sample(eta, random(5)));
  expect(await read(await sample(eta, random(5)))).toEqual(draws);
  const average = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  const spread = draws.reduce((sum, draw) => sum + (draw - average) ** 2, 0) / draws.length;
  // Five standard errors: 1/√20000 and √(2/20000).
  expect(Math.abs(average - 3)).toBeLessThan(0.036);
  expect(Math.abs(spread - 1)).toBeLessThan(0.05);
});

test('has no parameters, and is the same whatever it is rebuilt around', () => {
  const likelihood = gaussian();
  expect(likelihood.parameters).toEqual({});
  expect(likelihood.with({})).toBe(likelihood);
  expect(Object.isFrozen(likelihood)).toBe(true);
});

describe('refuses', () => {
  const y = () => tf.zeros([2, 3]) as tf.Tensor;
  test.each<[string, () => unknown, string]>([
    [
      'another shape',
      () => negLogLik(y(), tf.zeros([2, 4])),
      'eta: expected a tensor of the shape of y of shape [2, 3], got [2, 4]',
    ],
    [
      'a dual point of another shape',
      () => dualValue!(y(), tf.zeros([3, 3])),
      'theta: expected a tensor of the shape of y',
    ],
    [
      'no batch',
      () => residual(tf.zeros([3]), tf.zeros([3])),
      'y: expected a tensor [batch, …], got shape [3]',
    ],
    ['integers', () => deviance(y(), tf.zeros([2, 3], 'int32')), 'eta: expected a float32 tensor, got int32'],
    ['no tensor', () => mean([[1, 2]] as never), 'eta: expected a tensor [batch, …]'],
    ['nothing', () => negLogLik(undefined as never, y()), 'y: expected a tensor [batch, …], got undefined'],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });
});
