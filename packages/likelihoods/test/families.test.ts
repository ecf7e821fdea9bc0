import * as tf from '@tensorflow/tfjs-core';
import { useBackend, valueAndGradients } from '@unrolled/backend';
import type { Likelihood } from '@unrolled/contracts';
import { beforeAll, describe, expect, test } from 'vitest';
import * as likelihoods from '../src/index.ts';
import * as reference from './reference/families.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

type Make = (baseline?: tf.Tensor) => Likelihood;

const cases: readonly (readonly [name: string, make: Make, reference: reference.Family])[] = [
  ['gaussian', (baseline) => likelihoods.gaussian({ baseline }), reference.gaussian],
  ['poisson', (baseline) => likelihoods.poisson({ baseline }), reference.poisson],
  ['binomial', (baseline) => likelihoods.binomial({ trials: 25, baseline }), reference.binomial(25)],
  ['bernoulli', (baseline) => likelihoods.bernoulli({ baseline }), reference.binomial(1)],
  [
    'negativeBinomial',
    (baseline) => likelihoods.negativeBinomial({ dispersion: 0.4, baseline }),
    reference.negativeBinomial(0.4),
  ],
  [
    'negativeBinomial, nearly Poisson',
    (baseline) => likelihoods.negativeBinomial({ dispersion: 2 ** -10, baseline }),
    reference.negativeBinomial(2 ** -10),
  ],
  ['gamma', (baseline) => likelihoods.gamma({ shape: 2.5, baseline }), reference.gamma(2.5)],
];

/** Every datum at every η of a grid: float32 has all of these exactly. */
const grid = ({ data }: reference.Family) =>
  data.flatMap((y) => [-6, -2.5, -1, -0.125, 0, 0.5, 1.75, 4].map((eta) => [Math.fround(y), eta] as const));

describe.each(cases)('%s', (_, make, family) => {
  const likelihood = make();

  test('O-20: the residual is minus the gradient of the loss, by differences in float64', () => {
    // Fourth-order differences: h⁴ = 1e-12 of truncation, 1e-16/h = 1e-13 of rounding beside values of some hundreds.
    const h = 1e-3;
    const derivative = (f: (eta: number) => number, eta: number): number =>
      (8 * (f(eta + h) - f(eta - h)) - (f(eta + 2 * h) - f(eta - 2 * h))) / (12 * h);
    for (const [y, eta] of grid(family)) {
      const { loss, residual, slope, mean, variance } = family;
      const scale = 1e-6 * (1 + Math.abs(y));
      const near = (a: number, b: number) =>
        expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-6 * Math.abs(b) + scale * 1e-3);
      near(-derivative((e) => loss(y, e), eta), residual(y, eta));
      near(
        derivative((e) => residual(y, e), eta),
        slope(y, eta),
      );
      // At its own mean a family's residual rises with y by θ′, and mean′ = variance·θ′.
      near(derivative(mean, eta), variance(eta) * (residual(y + 1, eta) - residual(y, eta)));
    }
  });

  test('agrees with its formulas in float64', async () => {
    const points = grid(family);
    const [y, eta] = [0, 1].map((at) => tf.tensor2d(points.map((point) => [point[at]!])));
    const { negLogLik, residual, deviance, mean, variance } = likelihood;
    const results = { negLogLik, residual, deviance };
    const expected = { negLogLik: family.loss, residual: family.residual, deviance: family.deviance };
    const zero = tf.zerosLike(eta!);
    for (const [name, f] of Object.entries(results) as [keyof typeof results, typeof residual][]) {
      const seen = await f(y!, eta!).data();
      // The loss is known up to what does not depend on η: its value at η = 0 is taken off.
      const start = name === 'negLogLik' ? await f(y!, zero).data() : seen.map(() => 0);
      for (const [i, [datum, at]] of points.entries()) {
        const constant = name === 'negLogLik' ? expected[name](datum, 0) : 0;
        const value = expected[name](datum, at) - constant;
        // A few roundings of 6e-8, of terms as large as the data, the mean and the loss.
        const scale =
          1 + Math.abs(value) + Math.abs(datum * at) + Math.abs(start[i]!) + Math.abs(family.mean(at));
        const where = `${name}(${datum}, ${at})`;
        expect(Math.abs(seen[i]! - start[i]! - value), where).toBeLessThanOrEqual(2e-6 * scale);
      }
    }
    for (const [f, name] of [
      [mean, 'mean'],
      [variance, 'variance'],
    ] as const) {
      const seen = await f(eta!).data();
      for (const [i, [, at]] of points.entries()) {
        expect(Math.abs(seen[i]! / family[name](at) - 1) || 0, `${name}(${at})`).toBeLessThan(1e-6);
      }
    }
  });

  test('its tape gives the gradients of the loss, and of the residual', async () => {
    const points = grid(family);
    const [y, eta] = [0, 1].map((at) => tf.tensor2d(points.map((point) => [point[at]!])));
    for (const [f, expected] of [
      [(e: tf.Tensor) => likelihood.negLogLik(y!, e), (d: number, e: number) => -family.residual(d, e)],
      [(e: tf.Tensor) => likelihood.residual(y!, e), family.slope],
    ] as const) {
      const seen = await tf
        .grad((e: tf.Tensor) => tf.sum(f(e)))(eta!)
        .data();
      for (const [i, [datum, at]] of points.entries()) {
        const value = expected(datum, at);
        const scale = 1 + Math.abs(datum) + Math.abs(value) + Math.abs(family.mean(at));
        expect(Math.abs(seen[i]! - value), `at (${datum}, ${at})`).toBeLessThanOrEqual(2e-6 * scale);
      }
    }
  });

  test('stays finite at any η, with data of its own', async () => {
    const etas = [-1e15, -300, -89, 89, 300, 1e15];
    const points = family.data.flatMap((y) => etas.map((eta) => [y, eta] as const));
    const [y, eta] = [0, 1].map((at) => tf.tensor2d(points.map((point) => [point[at]!])));
    const { negLogLik, residual, deviance, mean, variance, logPartition } = likelihood;
    const gradient = tf.grad((e: tf.Tensor) => tf.sum(tf.add(residual(y!, e), mean(e))));
    const results = [
      ...[negLogLik, residual, deviance].map((f) => f(y!, eta!)),
      ...[mean, variance, logPartition, gradient].map((f) => f(eta!)),
    ];
    for (const result of results) {
      for (const value of await result.data()) expect(Number.isFinite(value)).toBe(true);
    }
  });

  test('the deviance is 0 where the mean is the datum, and never below', async () => {
    // Means that are themselves data, to float32.
    const etas = tf.tensor2d([-3, -0.5, 0, 0.25, 1.5, 4].map((eta) => [eta]));
    const means = likelihood.mean(etas);
    for (const value of await likelihood.deviance(means, etas).data()) {
      expect(value).toBeGreaterThanOrEqual(0);
      // Terms of up to 25 trials, or e⁴, that cancel but for their rounding.
      expect(value).toBeLessThan(2e-5);
    }
  });

  test('calibration: without a code, the best baseline is the link of the mean of the data', async () => {
    const data = family.data.map((value) => Math.fround(value));
    const average = data.reduce((a, b) => a + b, 0) / data.length;
    const y = tf.tensor2d(data.map((value) => [value]));
    const variable = tf.variable(tf.scalar(0));
    const around = make(variable);
    const slopeAt = (baseline: number): number => {
      variable.assign(tf.scalar(baseline));
      const loss = () => tf.mean(around.negLogLik(y, tf.zerosLike(y))) as tf.Scalar;
      return valueAndGradients(loss, [variable]).gradients[0]!.dataSync()[0]!;
    };
    // The loss is unimodal: its slope changes sign once.
    let [low, high] = [-12, 12];
    for (let turn = 0; turn < 30; turn++) {
      const middle = (low + high) / 2;
      if (slopeAt(middle) > 0) high = middle;
      else low = middle;
    }
    variable.assign(tf.scalar((low + high) / 2));
    const [rate] = await around.mean(tf.zeros([1, 1])).data();
    // Where the slope is 0 to float32's rounding of the terms it is made of.
    expect(Math.abs(rate! / average - 1)).toBeLessThan(1e-5);
  });
});
