import * as tf from '@tensorflow/tfjs-core';
import { useBackend, valueAndGradients } from '@unrolled/backend';
import { type Gradient, random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d, dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista, ista, maxIterations, solve } from '@unrolled/solvers';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unroll } from '../src/index.ts';
import { referenceAutoencoder } from './reference/fista.ts';

beforeAll(() => useBackend('wasm'));

let before = 0;
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(before));

/** The regression instance of O-12: 12 × 20, unit columns, y = 2 d₁ − 1.5 d₂ + d₃ + noise. */
function instance() {
  const draw = random(12);
  const features = 12;
  const atoms = 20;
  const a = Float64Array.from({ length: features * atoms }, () => draw.normal());
  for (let j = 0; j < atoms; j++) {
    let norm = 0;
    for (let i = 0; i < features; i++) norm += a[i * atoms + j]! ** 2;
    for (let i = 0; i < features; i++) a[i * atoms + j]! /= Math.sqrt(norm);
  }
  // Rounded to float32 first, so that the reference and the device work on the same numbers.
  const matrix = Float64Array.from(Float32Array.from(a));
  const y = Float64Array.from(
    Float32Array.from(
      { length: features },
      (_, i) =>
        2 * matrix[i * atoms]! - 1.5 * matrix[i * atoms + 1]! + matrix[i * atoms + 2]! + draw.normal(0, 0.05),
    ),
  );
  return { matrix, y, features, atoms, weight: 0.3, step: 0.15 };
}

const relative = (found: ArrayLike<number>, expected: Float64Array): number =>
  Math.hypot(...expected.map((value, index) => value - found[index]!)) / Math.hypot(...expected);

async function deviceGradients(layers: number, gradient: Gradient, momentum: boolean) {
  const { matrix, y, features, atoms, weight, step } = instance();
  const operator = dense(tf.tensor2d(Float32Array.from(matrix), [features, atoms]));
  const prior = l1(weight);
  const problem = { operator, prior, likelihood: gaussian() };
  const network = await unroll(momentum ? fista(problem, { step }) : ista(problem, { step }), {
    layers,
    train: ['operator.atoms', 'prior.weight'],
  });
  const signal = tf.tensor2d(Float32Array.from(y), [1, features]);
  try {
    const { value, gradients } = valueAndGradients(
      () =>
        tf.mul(0.5, tf.sum(tf.square(tf.sub(signal, network.decode(network.encode(signal, { gradient })))))),
      [...network.trainable],
    );
    const numbers = {
      loss: value.dataSync()[0]!,
      operator: gradients[0]!.dataSync().slice(),
      weight: gradients[1]?.dataSync()[0] ?? 0,
    };
    tf.dispose([value, ...gradients.filter((tensor) => tensor !== null)]);
    return numbers;
  } finally {
    tf.dispose([signal, operator.parameters, prior.parameters]);
    network.dispose();
  }
}

// Float32 against float64: 1e-7 a sum, a few hundred operations deep; no pre-activation of this instance is within 1e-4 of its
// threshold, so no ReLU flips.
const tolerance = 2e-5;

describe('gradients against the float64 recursion (O-5, O-24)', () => {
  it.each([
    [25, true],
    [25, false],
    [120, true],
  ])('full, %i layers, momentum %s', async (layers, momentum) => {
    const { matrix, y, atoms, weight, step } = instance();
    const expected = referenceAutoencoder(y, matrix, atoms, { weight, step, layers, momentum });
    const found = await deviceGradients(layers, 'full', momentum);
    expect(Math.abs(found.loss / expected.loss - 1)).toBeLessThan(tolerance);
    expect(relative(found.operator, expected.operator)).toBeLessThan(tolerance);
    expect(Math.abs(found.weight / expected.weight - 1)).toBeLessThan(tolerance);
  });

  it.each([0, 1, 5, 60])('the last %i of 60 layers', async (last) => {
    const { matrix, y, atoms, weight, step } = instance();
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
    const { matrix, y, atoms, weight, step } = instance();
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

  it('holds one state at a time without a gradient', async () => {
    const problem = convolution();
    const y = tf.ones([2, 40, 2]);
    const network = await unroll(fista(problem), { layers: 50 });
    let peak = 0;
    const start = tf.memory().numTensors;
    const watching = { ...problem.prior };
    const code = tf.tidy(() => network.encode(y));
    peak = tf.memory().numTensors - start;
    expect(peak).toBe(1);
    tf.dispose([y, code, problem.operator.parameters, watching.parameters]);
    network.dispose();
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
