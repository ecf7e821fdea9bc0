import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { beforeAll, describe, expect, test } from 'vitest';
import { binomial, negativeBinomial, poisson } from '../src/index.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const read = async (tensor: tf.Tensor): Promise<number[]> => Array.from(await tensor.data());
const row = (...values: number[]): tf.Tensor => tf.tensor2d([values]);

describe('the largest rate of the Poisson likelihood', () => {
  const { mean, residual, negLogLik, deviance, curvature, variance } = poisson({ largestRate: 8 });

  test('is where the mean stops, and the curvature', async () => {
    expect(curvature).toBe(8);
    expect(poisson().curvature).toBe(Number.POSITIVE_INFINITY);
    const eta = row(-500, 0, Math.log(2), 5, 500);
    for (const [i, value] of (await read(mean(eta))).entries())
      expect(value).toBeCloseTo([0, 1, 2, 8, 8][i]!, 5);
    expect(await read(variance(eta))).toEqual(await read(mean(eta)));
  });
  test('is where the loss goes on by its tangent, whose slope the residual is', async () => {
    const y = row(3);
    const [atBound, beyond] = [Math.log(8), Math.log(8) + 2];
    const [first, second] = [await read(negLogLik(y, row(atBound))), await read(negLogLik(y, row(beyond)))];
    // (8 − 3)·2 more: rounding of numbers near 10.
    expect(second[0]! - first[0]!).toBeCloseTo(10, 4);
    expect(await read(residual(y, row(beyond)))).toEqual([-5]);
    const slope = tf.grad((eta: tf.Tensor) => tf.sum(negLogLik(y, eta)))(row(beyond));
    expect((await read(slope))[0]).toBeCloseTo(5, 5);
  });
  test('keeps the deviance that of the loss, and above 0', async () => {
    const y = row(8);
    expect((await read(deviance(y, row(Math.log(8)))))[0]).toBeCloseTo(0, 5);
    expect((await read(deviance(y, row(30))))[0]).toBeCloseTo(0, 5);
    const [low, high] = [await read(deviance(row(2), row(3))), await read(deviance(row(2), row(7)))];
    const [lowLoss, highLoss] = [
      await read(negLogLik(row(2), row(3))),
      await read(negLogLik(row(2), row(7))),
    ];
    expect(high[0]! - low[0]!).toBeCloseTo(2 * (highLoss[0]! - lowLoss[0]!), 4);
  });
  test('does not hide a NaN', async () => {
    const nothing = row(Number.NaN);
    for (const f of [
      mean,
      (eta: tf.Tensor) => residual(row(1), eta),
      (eta: tf.Tensor) => negLogLik(row(1), eta),
    ]) {
      expect(await read(f(nothing))).toEqual([Number.NaN]);
    }
  });
});

describe('the peak of the Poisson likelihood', () => {
  const { residual, exactResidual, negLogLik } = poisson({ peak: 4 });

  test('makes the residual an ELU of that bound: exact above 0, 4·(e^r − 1) below', async () => {
    expect(exactResidual).toBe(false);
    const eta = row(0, 0, Math.log(3), 12);
    const found = await read(residual(row(5, 1, 2, 2), eta));
    const expected = [4, 0, 4 * (Math.exp(-1) - 1), -4];
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i]!, 5);
  });
  test('has the slope of the ELU: 1 above 0, the peak times e^r elsewhere, at 0 too', async () => {
    const counts = row(5, 1, 2);
    const slopes = await read(tf.grad((y: tf.Tensor) => tf.sum(residual(y, row(0, 0, Math.log(3)))))(counts));
    for (const [i, value] of slopes.entries()) expect(value).toBeCloseTo([1, 4, 4 * Math.exp(-1)][i]!, 5);
  });
  test('leaves the loss alone', async () => {
    const [y, eta] = [row(2, 7), row(1, -1)];
    expect(await read(negLogLik(y, eta))).toEqual(await read(poisson().negLogLik(y, eta)));
  });
  test('stays finite, and so do gradients, where the rate would overflow', async () => {
    const gradient = tf.grad((eta: tf.Tensor) => tf.sum(residual(row(3, 3), eta)))(row(400, -400));
    expect(await read(gradient)).toEqual([-0, -0].map(() => expect.closeTo(0, 12)));
  });
});

test('the negative binomial likelihood becomes the Poisson likelihood as its dispersion vanishes', async () => {
  const [y, eta] = [row(0, 1, 3, 12), row(-2, 0.3, 1, 2)];
  const apart = async (dispersion: number): Promise<number> => {
    const limit = await read(poisson().residual(y, eta));
    const seen = await read(negativeBinomial({ dispersion }).residual(y, eta));
    return Math.max(...seen.map((value, i) => Math.abs(value - limit[i]!)));
  };
  // r = (y − μ)/(1 + α μ): apart by α μ |y − μ|, first order in α. μ |y − μ| is at most 34 here.
  expect(await apart(0.01)).toBeLessThan(0.35);
  expect((await apart(0.001)) / (await apart(0.01))).toBeCloseTo(0.1, 1);
});

test('link consistency: for small η, counts and Bernoulli trials are Gaussian steps with curvature 1 and 1/4', async () => {
  // Residuals less their first-order forms (y − 1) − η and (y − ½) − η/4: halving η leaves a fourth of the exponential's second-order
  // term, and an eighth of the sigmoid's third-order one.
  const y = row(1);
  const excess = async (
    likelihood: ReturnType<typeof poisson | typeof binomial>,
    slope: number,
    eta: number,
  ) => {
    const [seen, rest] = [
      await read(likelihood.residual(y, row(eta))),
      await read(likelihood.residual(y, row(0))),
    ];
    return Math.abs(seen[0]! - rest[0]! + slope * eta);
  };
  const ratioOf = async (likelihood: ReturnType<typeof poisson | typeof binomial>, slope: number) =>
    (await excess(likelihood, slope, 0.25)) / (await excess(likelihood, slope, 0.125));
  // To the next order: a tenth.
  expect(await ratioOf(poisson(), 1)).toBeCloseTo(4, 0);
  expect(await ratioOf(binomial({ trials: 1 }), 1 / 4)).toBeCloseTo(8, 0);
});
