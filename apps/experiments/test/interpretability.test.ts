import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { parsePng } from '@unrolled/images';
import { exampleAtoms } from '@unrolled/pudle';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Digits, loadDigits } from '../src/interpretability/digits.ts';
import type { Results } from '../src/interpretability/experiment.ts';
import { measureIdentities } from '../src/interpretability/identities.ts';
import { type Learned, learn, networkOf, relative } from '../src/interpretability/learn.ts';
import { largest, measureLikeness } from '../src/interpretability/likeness.ts';
import { page } from '../src/interpretability/page.ts';
import { type Plan, plans } from '../src/interpretability/plan.ts';
import { read } from '../src/interpretability/reading.ts';
import { descendToRidgePoint } from '../src/interpretability/ridge-point.ts';
import { drawSheets } from '../src/interpretability/sheets.ts';

const { signal } = new AbortController();
const plan: Plan = {
  ...plans.smoke,
  examples: { train: 60, test: 12 },
  learning: { ...plans.smoke.learning, atoms: 8, layers: 4, epochs: 1, rounds: 1 },
};
let digits: Digits;
let learned: Learned;

beforeAll(async () => {
  await useBackend('wasm');
  digits = await loadDigits(undefined, plan.examples);
  learned = await learn(digits.train.pictures, plan.learning, { seed: 0, signal });
});

test('without a data folder digits are drawn, and known', () => {
  expect(digits.origin).toContain('no MNIST');
  expect(digits.train.pictures.shape).toEqual([60, 784]);
  expect(new Set(digits.train.labels).size).toBe(10);
  expect(Math.max(...digits.test.pictures.data)).toBeLessThanOrEqual(1);
});

describe('learning', () => {
  test('ends at the ridge point of its codes', () => {
    expect(learned.distances).toHaveLength(2);
    // Float32 atoms against float64 ones; with the codes of other atoms it is not so.
    expect(learned.held).toBeLessThan(1e-5);
    expect(Math.min(...learned.distances)).toBeGreaterThan(1e-3);
  });

  test('the ridge point of one atom is the mean of examples, over 1 + ρ', async () => {
    const before = tf.memory().numTensors;
    const examples = { data: Float32Array.of(1, 0, 3, 2), shape: [2, 2] };
    const start = exampleAtoms(examples, { atoms: 1, random: random(0) });
    const network = await networkOf(start, plan.learning);
    const [x, codes] = [tf.tensor2d(examples.data, [2, 2]), tf.tensor2d([1, 1], [2, 1])];
    const { gradient } = await descendToRidgePoint(network, x, codes, { ridge: 2, signal });
    // Σ x_i z_i / (Σ z_i² + ρ) = (4, 2) / 4.
    const atoms = await network.variables['operator.atoms']!.data();
    expect(relative(atoms, [1, 0.5])).toBeLessThan(1e-6);
    expect(gradient).toBeLessThan(1e-5);
    tf.dispose([start, x, codes]);
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a learned dictionary', () => {
  test('is what its training digits make it, and so are reconstructions', async () => {
    const before = tf.memory().numTensors;
    const reading = await read(learned, digits, plan);
    const { dictionary, atoms, reconstructions, half } = measureIdentities(reading);
    for (const value of [dictionary, atoms.most, reconstructions.most]) expect(value).toBeLessThan(1e-5);
    expect(half.atom).toBeGreaterThan(0);
    expect(half.atom).toBeLessThan(60);
    // Other weights than the ridge's make other atoms.
    const other = await read({ ...learned, codes: learned.codes.map((code) => code ** 2) }, digits, plan);
    expect(measureIdentities(other).dictionary).toBeGreaterThan(0.01);
    reading.dispose();
    other.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('finds like digits: themselves first', async () => {
    const reading = await read(learned, { ...digits, test: digits.train }, plan);
    for (const { by, neighbours } of await measureLikeness(reading, plan)) {
      if (by.startsWith('reconstruction')) continue;
      // A digit is most like itself, in code and in pixels.
      expect(neighbours[0]).toEqual({ count: 1, same: 1, voted: 1 });
      expect(neighbours[1]!.same).toBeLessThan(1);
    }
    reading.dispose();
  });

  test('is drawn', async () => {
    const reading = await read(learned, digits, plan);
    for (const sheet of Object.values(await drawSheets(reading, plan)))
      expect(parsePng(new Uint8Array(Buffer.from(sheet as string, 'base64'))).width).toBeGreaterThan(
        28 * 3 * 4,
      );
    reading.dispose();
  });
});

test('the largest come first, equals in their order', () => {
  expect(largest([1, 3, 2, 3], 3)).toEqual([1, 3, 2]);
});

test('the page tells claims as they are', () => {
  const { atoms, codes, ...told } = learned;
  const results: Results = {
    size: 'smoke',
    device: 'a device',
    origin: digits.origin,
    plan,
    learned: { ...told, held: 2e-4 },
    likeness: ['codes, cosine', 'pixels, cosine', 'pixels, distance'].map((by, index) => ({
      by,
      neighbours: [{ count: 1, same: 0.9 + 0.01 * index, voted: 0.9 }],
    })),
  };
  const { markdown, pictures } = page({ ...results, plan: { ...plan, neighbours: [1] } }, 'the command');
  expect(markdown).toContain('| D = X G Zᵀ at the ridge point, to 10⁻⁵ | 2.0 · 10⁻⁴ | **no** |');
  expect(markdown).toContain('| 90.0 %; in pixels 91.0 % by cosine, 92.0 % by distance | **no** |');
  expect(markdown).not.toContain('x̂ = X β of new digits');
  for (const file of Object.keys(pictures)) expect(markdown).toContain(`(interpretability/${file})`);
});
