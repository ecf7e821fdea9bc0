import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { gaussian } from '@unrolled/likelihoods';
import { dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista, maxIterations, solve } from '@unrolled/solvers';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DigitResult, learnDigits } from '../src/randnet/digits.ts';
import { encodeDigits } from '../src/randnet/encode-digits.ts';
import { digitsOf } from '../src/randnet/experiment.ts';
import { measurementMatrix, normalMatrix } from '../src/randnet/measurements.ts';
import { page } from '../src/randnet/page.ts';
import { plans } from '../src/randnet/plan.ts';
import { dictionaryName, randnet } from '../src/randnet/randnet.ts';
import { recover } from '../src/randnet/simulated.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

let before = 0;
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(before));

const { signal } = new AbortController();
const measuring = { features: 6, measurements: 3, seed: 4 };
const settings = { atoms: 8, weight: 0.1, layers: 12, bound: 20 };

async function valuesOf(tensor: tf.Tensor): Promise<number[]> {
  const values = Array.from(await tensor.data());
  tensor.dispose();
  return values;
}

test('a matrix is its seed: the same when it is made again, another for another block, of unit columns', async () => {
  const first = await valuesOf(measurementMatrix(measuring, 1));
  expect(await valuesOf(measurementMatrix(measuring, 1))).toEqual(first);
  expect(await valuesOf(measurementMatrix(measuring, 2))).not.toEqual(first);
  expect(await valuesOf(measurementMatrix({ ...measuring, seed: 5 }, 1))).not.toEqual(first);
  for (let column = 0; column < 6; column++)
    expect(Math.hypot(...[0, 1, 2].map((row) => first[row * 6 + column]!))).toBeCloseTo(1, 6);
});

test('digits are encoded block by block, each through a matrix of its own', async () => {
  const network = await randnet({ ...settings, measuring });
  const pixels = {
    data: Float32Array.from(await valuesOf(normalMatrix(5, 6, 'pixels'))),
    shape: [5, 6],
  };
  const found = await encodeDigits(
    network,
    { pixels, labels: [0, 0, 0, 0, 0] },
    { measuring, blockSize: 2, signal },
  );
  expect(found.shape).toEqual([5, 8]);
  // The fourth is in the second block: FISTA on Φ H as one matrix.
  const [phi, y] = [measurementMatrix(measuring, 1), tf.tensor2d(pixels.data.subarray(18, 24), [1, 6])];
  const effective = tf.tidy(() => tf.matMul(phi, network.variables[dictionaryName]!));
  const u = tf.tidy(() => dense(phi).apply(y));
  const prior = l1(0.1);
  const step = (await network.variables['step']!.data())[0]!;
  const problem = { operator: dense(effective), prior, likelihood: gaussian() };
  const { code } = await solve(fista(problem, { step }), u, { stop: maxIterations(12) });
  const expected = await valuesOf(code);
  // Φ H is one matrix here and two there: rounding, twelve layers deep.
  expected.forEach((value, atom) => {
    expect(found.data[3 * 8 + atom]).toBeCloseTo(value, 5);
  });
  expect(expected.some((value) => value !== 0)).toBe(true);
  tf.dispose([phi, y, effective, u, prior.parameters]);
  network.dispose();
});

test('many matrices show what one hides', async () => {
  const simulation = {
    ...plans.default.simulation,
    blocks: 20,
    signals: 60,
    layers: 15,
    epochs: 6,
    rate: 0.06,
  };
  const near = { ...simulation, features: 8, atoms: 8, measurements: 5, entries: 1 };
  const [one, many] = [
    await recover(near, 1, { seed: 1, signal }),
    await recover(near, 10, { seed: 1, signal }),
  ];
  expect(one.watched[0]).toBe(many.watched[0]);
  expect(many.watched.at(-1)).toBeLessThan(0.8 * one.watched.at(-1)!);
});

describe('digits', () => {
  /** Pictures of two pixels by two, bright on the left or on the right. */
  const album = (count: number) => {
    const labels = Array.from({ length: count }, (_, index) => index % 2);
    const images = labels.map((label, index) => ({
      data: Float32Array.from([0, 1, 2, 3], (pixel) => (pixel % 2 === label ? 1 : 0.1) + 0.01 * (index % 5)),
      height: 2,
      width: 2,
      channels: 1,
    }));
    return digitsOf({ images, labels });
  };

  test('are told apart by codes of half their pixels', async () => {
    const compressed = { measurements: 2, weight: 0.02, atoms: 6, layers: 30, bound: 10 };
    const found = await learnDigits(
      { train: album(40), test: album(14) },
      { ...compressed, epochs: 3, rate: 0.02, gradient: { last: 5 }, blockSize: 40, steps: 200 },
      { seed: 0, signal },
    );
    expect(found.accuracy).toEqual({ train: 1, test: 1 });
    expect(found.losses).toHaveLength(3);
    expect(found.squaredNorm).toBeGreaterThan(1);
    expect(found.decoded).toHaveLength(14);
    expect(found.dictionary).toHaveLength(24);
  });
});

test('the page says what was published beside what was measured', () => {
  const digit = new Array<number>(784).fill(0.5);
  const result: DigitResult = {
    settings: { ...plans.default.digits[0]!, atoms: 120 },
    losses: [9, 4],
    accuracy: { train: 0.98, test: 0.931 },
    entries: 20,
    squaredNorm: 42,
    seconds: { learning: 100, encoding: 50, classifying: 5 },
    dictionary: Array.from({ length: 784 * 120 }, (_, index) => Math.sin(index)),
    use: Array.from({ length: 120 }, (_, atom) => atom),
    decoded: [digit, digit],
  };
  const simulated = [1, 50].map((matrices) => ({
    matrices,
    losses: [3, 2],
    watched: [0.9, 0.5, 1 / matrices],
  }));
  const { markdown, pictures } = page(
    {
      size: 'default',
      seed: 0,
      device: 'WebAssembly',
      plan: plans.default,
      simulated,
      digits: {
        digits: { train: 10_000, test: 2000 },
        compressions: [result],
        pixels: { train: 0.93, test: 0.9 },
        shown: [digit, digit],
      },
    },
    'pnpm experiments randnet',
  );
  expect(markdown).toContain(
    '| 96.7 % with 60,000 training digits | 93.1 % with 10,000 | reported; 3.6 points below |',
  );
  expect(markdown).not.toMatch(/undefined|NaN/);
  expect(Object.keys(pictures)).toEqual(['recovery.svg', 'digits.png', 'dictionary.png']);
  for (const [name] of Object.entries(pictures)) expect(markdown).toContain(`(randnet/${name})`);
});
