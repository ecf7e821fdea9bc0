import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista, maxIterations, solve } from '@unrolled/solvers';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unroll } from '../src/index.ts';
import { denseInstance, deviceGradients, relative } from './dense-autoencoder.ts';
import { referenceAutoencoder } from './reference/fista.ts';

beforeAll(() => useBackend('wasm'));

let before = 0;
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(before));

// Float32 against float64: 1e-7 a sum, a few hundred operations deep; no pre-activation of this instance is within 1e-4 of its
// threshold, so no ReLU flips.
const tolerance = 2e-5;

describe('gradients against the float64 recursion (O-5, O-24)', () => {
  it.each([
    [25, true],
    [25, false],
    [120, true],
  ])('full, %i layers, momentum %s', async (layers, momentum) => {
    const { matrix, y, atoms, weight, step } = denseInstance();
    const expected = referenceAutoencoder(y, matrix, atoms, { weight, step, layers, momentum });
    const found = await deviceGradients(layers, 'full', momentum);
    expect(Math.abs(found.loss / expected.loss - 1)).toBeLessThan(tolerance);
    expect(relative(found.operator, expected.operator)).toBeLessThan(tolerance);
    expect(Math.abs(found.weight / expected.weight - 1)).toBeLessThan(tolerance);
  });

  it.each([0, 1, 5, 60])('the last %i of 60 layers', async (last) => {
    const { matrix, y, atoms, weight, step } = denseInstance();
    const expected = referenceAutoencoder(y, matrix, atoms, {
      weight,
      step,
      layers: 60,
      tracked: last,
      momentum: true,
    });
    const found = await deviceGradients(60, { last }, true);
    expect(relative(found.operator, expected.operator)).toBeLessThan(tolerance);
    if (last === 0) expect(found.weight).toBe(0);
    else expect(Math.abs(found.weight / expected.weight - 1)).toBeLessThan(tolerance);
  });

  it.each([1, 7, 25])('checkpointed in segments of %i', async (checkpoint) => {
    const full = await deviceGradients(25, 'full', true);
    const found = await deviceGradients(25, { checkpoint }, true);
    expect(found.loss).toBe(full.loss);
    // The same sums in another order.
    expect(relative(found.operator, Float64Array.from(full.operator))).toBeLessThan(1e-6);
    expect(Math.abs(found.weight / full.weight - 1)).toBeLessThan(1e-6);
  });

  it.each([true, false])('implicit at the fixed point, momentum %s', async (momentum) => {
    const { matrix, y, atoms, weight, step } = denseInstance();
    const expected = referenceAutoencoder(y, matrix, atoms, { weight, step, layers: 1500, momentum: false });
    const found = await deviceGradients(600, { implicit: {} }, momentum);
    // BiCGSTAB to 1e-5 of a system with condition number 1/(1 − ρ(M)), about 7 here.
    expect(relative(found.operator, expected.operator)).toBeLessThan(1e-4);
    expect(Math.abs(found.weight / expected.weight - 1)).toBeLessThan(1e-4);
  });

  it('refuses an implicit gradient before the encoder has converged', async () => {
    await expect(deviceGradients(6, { implicit: {} }, true)).rejects.toThrow('one more layer moves');
  });
});

describe('the two readings are one', () => {
  const convolution = () => {
    const draw = random(3);
    return {
      operator: conv1d(
        tf.tensor3d(
          Float32Array.from({ length: 9 * 2 * 3 }, () => draw.normal(0, 0.3)),
          [9, 2, 3],
        ),
      ),
      prior: l1(0.1, { nonNegative: true }),
      likelihood: gaussian(),
    };
  };
  it.each([1, 2, 17])(
    'an untrained network of %i layers is the algorithm stopped there, bit for bit',
    async (layers) => {
      const problem = convolution();
      const draw = random(4);
      const y = tf.tensor3d(
        Float32Array.from({ length: 5 * 61 * 2 }, () => draw.normal()),
        [5, 61, 2],
      );
      const network = await unroll(fista(problem), { layers });
      const code = network.encode(y);
      const solution = await solve(fista(problem), y, { stop: maxIterations(layers) });
      expect(code.dataSync()).toEqual(solution.code.dataSync());
      // Whoever else is in the batch.
      const alone = tf.tidy(() => network.encode(tf.slice(y, [3, 0, 0], [1, 61, 2])));
      const together = tf.tidy(() => tf.slice(code, [3, 0, 0], [1, 53, 3]));
      expect(alone.dataSync()).toEqual(together.dataSync());
      tf.dispose([
        y,
        code,
        solution.code,
        alone,
        together,
        problem.operator.parameters,
        problem.prior.parameters,
      ]);
      network.dispose();
    },
  );

  it('copies for every layer change nothing until they are trained', async () => {
    const problem = convolution();
    const y = tf.ones([2, 40, 2]);
    const one = await unroll(fista(problem), { layers: 4 });
    const each = await unroll(fista(problem), {
      layers: 4,
      share: { 'prior.weight': 'each', 'operator.filters': 'each' },
      decoder: 'own',
      train: ['operator.filters'],
    });
    expect(Object.keys(each.variables)).toEqual([
      ...[1, 2, 3, 4].map((layer) => `operator.filters/${layer}`),
      'decoder.filters',
      ...[1, 2, 3, 4].map((layer) => `prior.weight/${layer}`),
      'step',
    ]);
    expect(each.trainable).toHaveLength(5);
    const [a, b] = [one, each].map((network) => tf.tidy(() => network.decode(network.encode(y))));
    expect(a!.dataSync()).toEqual(b!.dataSync());
    tf.dispose([y, a!, b!, problem.operator.parameters, problem.prior.parameters]);
    one.dispose();
    each.dispose();
    each.dispose();
    expect(() => one.encode(y)).toThrow('disposed');
  });

  it.each([
    ['layers', { layers: 0 }],
    ['train', { layers: 2, train: ['operator.atoms'] }],
    ['share', { layers: 2, share: { 'prior.wieght': 'each' } }],
    ['share', { layers: 2, share: { 'prior.weight': 'all' } }],
    ['decoder', { layers: 2, decoder: 'free' }],
    ['unroll', { layers: 2, sahre: {} }],
  ])('refuses a wrong %s', async (name, options) => {
    const problem = convolution();
    await expect(unroll(fista(problem), options as never)).rejects.toThrow(name);
    tf.dispose([problem.operator.parameters, problem.prior.parameters]);
  });

  it.each([
    ['none' as never],
    [{ last: -1 }],
    [{ checkpoint: 0 }],
    [{ last: 1, checkpoint: 2 }],
    [{ implicit: { tolerance: 0 } }],
  ])('refuses the gradient %j', async (gradient) => {
    const problem = convolution();
    const network = await unroll(fista(problem), { layers: 2 });
    const y = tf.ones([1, 20, 2]);
    expect(() => network.encode(y, { gradient })).toThrow('gradient');
    tf.dispose([y, problem.operator.parameters, problem.prior.parameters]);
    network.dispose();
  });
});
