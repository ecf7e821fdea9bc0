import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { simulateHierarchy } from '@unrolled/data';
import { learnDictionary } from '@unrolled/dictionary-learning';
import { dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { nesterovMomentum } from '@unrolled/solvers';
import { assertConforms, networkLaws } from '@unrolled/testkit';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  codeSparsity,
  debiasedCodes,
  hierarchyError,
  layeredPursuit,
  learnBackward,
  learnForward,
  receptiveFieldSparsity,
} from '../src/index.ts';

beforeAll(() => useBackend('wasm'));

let before = 0;
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(before));

const draw = random(2);
const normals = (rows: number, columns: number) =>
  tf.tensor2d(
    Float32Array.from({ length: rows * columns }, () => draw.normal()),
    [rows, columns],
  );

/** Two levels, [4, 6] and [6, 8]. */
function twoLevels(weight = 0.2) {
  const atoms = [normals(4, 6), normals(6, 8)];
  const priors = atoms.map(() => l1(weight, { nonNegative: true }));
  const steps = [0.1, 0.05];
  return {
    atoms,
    levels: atoms.map((matrix, index) => ({
      operator: dense(matrix),
      prior: priors[index]!,
      step: steps[index]!,
    })),
    dispose: () => tf.dispose([...atoms, ...priors.map(({ parameters }) => parameters)]),
  };
}

describe('layered pursuit', () => {
  test('with T = 1 it is a ReLU network, to the last bit', async () => {
    const world = twoLevels();
    const network = await layeredPursuit({ levels: world.levels, layers: 1 });
    const y = normals(5, 4);
    const [x1, x2] = network.encode(y);
    const relu = (input: tf.Tensor, index: number) => {
      const { step } = world.levels[index]!;
      const bias = tf.mul(tf.scalar(step), tf.scalar(0.2));
      const product = tf.matMul(input as tf.Tensor2D, world.atoms[index]!);
      return tf.relu(tf.sub(tf.mul(tf.scalar(step), product), bias));
    };
    const [e1, e2] = tf.tidy(() => {
      const first = relu(y, 0);
      return [first, relu(first, 1)];
    });
    expect(await x1!.data()).toEqual(await e1!.data());
    expect(await x2!.data()).toEqual(await e2!.data());
    expect((await x2!.data()).some((value) => value > 0)).toBe(true);
    tf.dispose([y, x1!, x2!, e1!, e2!]);
    network.dispose();
    world.dispose();
  });

  test('decodes through all levels, or from a named one', async () => {
    const world = twoLevels();
    const network = await layeredPursuit({ levels: world.levels, layers: 3, momentum: nesterovMomentum });
    const x = normals(2, 8);
    const [whole, one] = [
      network.decode(x),
      tf.tidy(() => network.decode(tf.matMul(x, tf.transpose(world.atoms[1]!)), 1)),
    ];
    const [a, b] = [await whole.data(), await one.data()];
    // The same product in another association.
    for (const [index, value] of a.entries()) expect(value).toBeCloseTo(b[index]!, 4);
    expect(() => network.decode(x, 3)).toThrow('a level from 1 to 2');
    tf.dispose([x, whole, one]);
    network.dispose();
    world.dispose();
  });

  test('its levels are networks', async () => {
    await assertConforms(networkLaws, async () => {
      const world = twoLevels();
      const network = await layeredPursuit({ levels: world.levels, layers: 2 });
      network.networks[1]!.dispose();
      world.dispose();
      return { network: network.networks[0]!, signalShape: [2, 4] };
    });
  });

  test.each([
    ['no levels', { levels: [], layers: 1 }, 'levels'],
    ['an unknown option', { levels: [], layers: 1, depth: 2 }, 'depth'],
  ])('refuses %s', async (_, options, message) => {
    await expect(layeredPursuit(options)).rejects.toThrow(message);
  });

  test('refuses levels that do not fit together', async () => {
    const world = twoLevels();
    await expect(layeredPursuit({ levels: [world.levels[1]!, world.levels[0]!], layers: 1 })).rejects.toThrow(
      'expected atoms of 8 features',
    );
    world.dispose();
  });
});

describe('learning', () => {
  const small = { features: 16, examples: 300, active: 2, columnSparsity: 2, seed: 4 };

  test('one level equals plain dictionary learning', async () => {
    const { signals } = simulateHierarchy({ ...small, atoms: [12] });
    const level = { atoms: 12, weight: 0.1, epochs: 2, seed: 3, constraint: 'sphere' } as const;
    const { dictionaries } = await learnForward(signals, { levels: [{ ...level, refinements: 0 }] });
    const { atoms } = await learnDictionary(signals, level);
    expect(dictionaries).toHaveLength(1);
    expect(dictionaries[0]!.data).toEqual(atoms.data);
  });

  // More atoms above than below: else the products of the two are the sparser dictionary, and would be learned in their place.
  const hierarchy = { features: 30, atoms: [20, 30], examples: 400, active: 2, columnSparsity: 2, seed: 4 };

  test('two levels, forward, from near the truth: both are found, and counts grow only downwards', async () => {
    const truth = simulateHierarchy(hierarchy);
    const noise = random(8);
    const levels = truth.dictionaries.map(({ data, shape }) => ({
      atoms: shape[1]!,
      weight: 0.05,
      epochs: 3,
      initial: { data: data.map((value) => value + (value === 0 ? 0 : noise.normal(0, 0.05))), shape },
    }));
    const seen = new Set<number>();
    const learned = await learnForward(truth.signals, { levels, onProgress: (level) => seen.add(level) });
    expect([...seen]).toEqual([1, 2]);
    const [first, second] = hierarchyError(truth.dictionaries, learned.dictionaries);
    // It began at 0.26 and 0.05.
    expect(first!.mean).toBeLessThan(0.05);
    expect(second!.mean).toBeLessThan(0.05);
    const [below, above] = codeSparsity(learned.codes);
    expect(above!.mean).toBeLessThan(2.5);
    expect(below!.most).toBeLessThanOrEqual(2 * above!.most);
  });

  test('two levels, backward: the product of the dictionaries is the dictionary of the deepest codes', async () => {
    const truth = simulateHierarchy({ ...hierarchy, atoms: [6, 20] });
    const [first, second] = truth.dictionaries;
    const product = Float32Array.from({ length: 30 * 20 }, (_, index) => {
      const [row, column] = [Math.floor(index / 20), index % 20];
      return Array.from(
        { length: 6 },
        (_, k) => first!.data[row * 6 + k]! * second!.data[k * 20 + column]!,
      ).reduce((sum, value) => sum + value, 0);
    });
    const levels = [
      { atoms: 6, weight: 0.01, epochs: 10, initial: first! },
      { atoms: 20, weight: 0.05, epochs: 2, initial: { data: product, shape: [30, 20] } },
    ];
    const learned = await learnBackward(truth.signals, { levels });
    expect(learned.codes.map(({ shape }) => shape[1])).toEqual([6, 20]);
    const errors = hierarchyError(truth.dictionaries, learned.dictionaries);
    for (const { mean } of errors) expect(mean).toBeLessThan(0.1);
  });

  test('refuses more atoms than data, a negative weight, unknown options', async () => {
    const { signals } = simulateHierarchy({ ...small, examples: 5, atoms: [12] });
    await expect(learnForward(signals, { levels: [{ atoms: 6, weight: 0.1 }] })).rejects.toThrow(
      'levels[0].atoms',
    );
    await expect(learnForward(signals, { levels: [{ atoms: 2, weight: -1 }] })).rejects.toThrow(
      'levels[0].weight',
    );
    await expect(learnForward(signals, { levels: [] })).rejects.toThrow('levels');
  });

  test('codes without bias: exact values on the right support', async () => {
    const truth = simulateHierarchy({ ...small, examples: 50, atoms: [12], active: 2 });
    const code = await debiasedCodes(truth.signals, truth.dictionaries[0]!, { weight: 0.1, threshold: 0.1 });
    // Where the lasso finds the support, least squares in float64 on float32 data is exact to 1e-5.
    const right = Array.from({ length: 50 }, (_, example) =>
      Array.from({ length: 12 }, (_, atom) =>
        Math.abs(code.data[example * 12 + atom]! - truth.codes[0]!.data[example * 12 + atom]!),
      ).every((error) => error < 1e-4),
    );
    expect(right.filter((is) => is).length).toBeGreaterThan(45);
  });
});

describe('measures', () => {
  test('the error of a level is free of what the level below leaves open', () => {
    const { dictionaries } = simulateHierarchy({ features: 8, atoms: [5, 4], examples: 1, seed: 1 });
    const [first, second] = dictionaries;
    // Another order and other signs below, undone above.
    const order = [3, 0, 4, 1, 2];
    const signs = [1, -1, -1, 1, -1];
    const changed = {
      data: Float32Array.from(
        first!.data,
        (_, i) => signs[i % 5]! * first!.data[Math.floor(i / 5) * 5 + order[i % 5]!]!,
      ),
      shape: [8, 5],
    };
    const undone = {
      data: Float32Array.from(
        second!.data,
        (_, i) => signs[Math.floor(i / 4)]! * second!.data[order[Math.floor(i / 4)]! * 4 + (i % 4)]!,
      ),
      shape: [5, 4],
    };
    const errors = hierarchyError([first!, second!], [changed, undone]);
    // √(1 − cos²) of equal float32 atoms: the root of 1e-7.
    for (const { worst } of errors) expect(worst).toBeLessThan(1e-3);
    expect(hierarchyError([first!, second!], [changed, second!])[1]!.mean).toBeGreaterThan(0.1);
    expect(() => hierarchyError([first!], [])).toThrow('learned');
  });

  test('sparsity of codes and of receptive fields', () => {
    const { codes, dictionaries } = simulateHierarchy({
      features: 8,
      atoms: [6, 5],
      examples: 40,
      columnSparsity: 2,
      active: 1,
      seed: 2,
    });
    const [below, above] = codeSparsity(codes);
    expect(above).toEqual({ mean: 1, most: 1, density: 0.2 });
    // The bound of the talk: at most two below for every one above.
    expect(below!.most).toBeLessThanOrEqual(2 * above!.most);
    const [dense_, sparse] = receptiveFieldSparsity(dictionaries);
    expect(dense_!.density).toBe(1);
    expect(sparse).toMatchObject({ mean: 2, most: 2 });
    expect(() => codeSparsity(codes, -1)).toThrow('threshold');
  });
});
