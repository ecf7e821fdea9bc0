import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { conv1d, dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { describe, expect, test } from 'vitest';
import { contributionSheet, exampleAtoms, nearAtoms, pudle, representer, saliency } from '../src/index.ts';
import { relative, watchTensors } from './world.ts';

watchTensors();

const draw = random(11);
const normals = (length: number) => Float32Array.from({ length }, () => draw.normal());

describe('representer (O-14)', () => {
  // More examples than atoms, and fewer: the two sides of the push-through identity.
  test.each([
    [30, 8],
    [6, 10],
  ])('D = X G Zᵀ = X Zᵀ (Z Zᵀ + ρ I)⁻¹ and D z = X β, %i examples, %i atoms', (n, p) => {
    const [m, ridge] = [5, 0.3];
    const [z, x] = [normals(n * p), normals(n * m)];
    const made = representer({ data: z, shape: [n, p] }, { data: x, shape: [n, m] }, { ridge });
    const dictionary = made.dictionary();
    // D is stationary: (X − D Z) Zᵀ = ρ D, entry by entry.
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < p; j++) {
        let pull = 0;
        for (let example = 0; example < n; example++) {
          let residual = x[example * m + i]!;
          for (let k = 0; k < p; k++) residual -= dictionary[i * p + k]! * z[example * p + k]!;
          pull += residual * z[example * p + j]!;
        }
        expect(pull).toBeCloseTo(ridge * dictionary[i * p + j]!, 10);
      }
    }
    // An atom is its weighted sum of examples, a reconstruction the interpolation of examples.
    const code = normals(p);
    const direct = Array.from({ length: m }, (_, i) =>
      code.reduce((sum, value, k) => sum + value * dictionary[i * p + k]!, 0),
    );
    expect(relative(made.reconstruct(code), direct)).toBeLessThan(1e-10);
    const weights = made.atomWeights(1);
    const atom = Array.from({ length: m }, (_, i) =>
      weights.reduce((sum, weight, example) => sum + weight * x[example * m + i]!, 0),
    );
    expect(
      relative(
        atom,
        Array.from({ length: m }, (_, i) => dictionary[i * p + 1]!),
      ),
    ).toBeLessThan(1e-10);
  });

  test('the most alike code is one’s own', () => {
    const z = normals(60);
    const made = representer({ data: z, shape: [12, 5] }, { data: normals(24), shape: [12, 2] });
    const [first, second] = made.mostAlike(z.subarray(15, 20), 2);
    expect(first).toMatchObject({ example: 3 });
    expect(first!.cosine).toBeCloseTo(1, 12);
    expect(second!.cosine).toBeLessThan(1);
  });

  test.each([
    ['ridge', { ridge: -1 }, 'ridge'],
    ['an atom that no example uses, without a ridge', { ridge: 0 }, 'ridge'],
  ])('refuses %s', (_, options, message) => {
    const z = Float32Array.of(1, 0, 2, 0, 3, 0);
    expect(() =>
      representer({ data: z, shape: [3, 2] }, { data: normals(6), shape: [3, 2] }, options),
    ).toThrow(message);
  });

  test('refuses codes and examples that are not as many, or not finite', () => {
    const codes = { data: normals(6), shape: [3, 2] };
    expect(() => representer(codes, { data: normals(4), shape: [2, 2] })).toThrow(
      'as many examples as codes',
    );
    expect(() => representer(codes, { data: Float32Array.of(1, 2, Number.NaN), shape: [3, 1] })).toThrow(
      'index 2',
    );
    const made = representer(codes, { data: normals(6), shape: [3, 2] });
    expect(() => made.atomWeights(2)).toThrow('less than 2');
    expect(() => made.reconstruct([1])).toThrow('one number an atom');
  });
});

test('saliency of one layer is α times the atom where it is active, and zero elsewhere', async () => {
  const atoms = tf.tensor2d(normals(20), [4, 5]);
  const prior = l1(0.05);
  const network = await pudle({ operator: dense(atoms), prior, layers: 1, step: 0.5 });
  const y = tf.tensor2d(normals(12), [3, 4]);
  const map = saliency(network, y, 2);
  const code = network.encode(y);
  const [values, active] = [await map.data(), await code.data()];
  const unit = await network.variables['operator.atoms']!.data();
  for (let example = 0; example < 3; example++)
    for (let i = 0; i < 4; i++)
      expect(values[example * 4 + i]).toBeCloseTo(
        active[example * 5 + 2] === 0 ? 0 : 0.5 * unit[i * 5 + 2]!,
        6,
      );
  expect(() => saliency(network, y, 5)).toThrow('less than 5');
  tf.dispose([atoms, y, map, code, prior.parameters]);
  network.dispose();
});

describe('initialisations', () => {
  test('atoms are examples of unit norm', async () => {
    const data = normals(40);
    data.fill(0, 0, 4);
    const atoms = exampleAtoms({ data, shape: [10, 4] }, { atoms: 9, random: random(0) });
    expect(atoms.shape).toEqual([4, 9]);
    const columns = await atoms.data();
    for (let atom = 0; atom < 9; atom++) {
      const column = Array.from({ length: 4 }, (_, i) => columns[i * 9 + atom]!);
      const matches = Array.from({ length: 10 }, (_, example) => {
        const row = data.subarray(example * 4, example * 4 + 4);
        const norm = Math.hypot(...row);
        return (
          norm > 0 &&
          relative(
            column,
            Array.from(row, (value) => value / norm),
          ) < 1e-6
        );
      });
      expect(matches.filter((match) => match)).toHaveLength(1);
    }
    atoms.dispose();
    expect(() => exampleAtoms({ data, shape: [10, 4] }, { atoms: 10, random: random(0) })).toThrow('9');
  });

  test('filters are pieces of signals, and fit an operator', async () => {
    const ramp = Float32Array.from({ length: 2 * 9 * 2 }, (_, index) => index + 1);
    const filters = exampleAtoms(
      { data: ramp, shape: [2, 9, 2] },
      { atoms: 2, random: random(0), size: [3] },
    );
    expect(filters.shape).toEqual([3, 2, 2]);
    const values = await filters.data();
    for (let atom = 0; atom < 2; atom++) {
      const piece = Array.from({ length: 6 }, (_, index) => values[index * 2 + atom]!);
      // Neighbours in a ramp differ by the same step all along.
      for (let index = 2; index < 6; index++)
        expect(piece[index]! - piece[index - 1]!).toBeCloseTo(piece[1]! - piece[0]!, 5);
    }
    expect(conv1d(filters as tf.Tensor3D).codeShape([1, 9, 2])).toEqual([1, 7, 2]);
    expect(() =>
      exampleAtoms({ data: ramp, shape: [2, 9, 2] }, { atoms: 2, random: random(0), size: [10] }),
    ).toThrow('size');
    filters.dispose();
  });

  test('near atoms are near, of unit norm, and the same for a seed', async () => {
    const atoms = tf.tensor2d(normals(30), [10, 3]);
    const [a, b] = [0, 0].map((seed) => nearAtoms(atoms, { deviation: 0.01, random: random(seed) }));
    expect(await a!.data()).toEqual(await b!.data());
    expect(() => nearAtoms(atoms, { deviation: -1, random: random(0) })).toThrow('deviation');
    tf.dispose([atoms, a!, b!]);
  });
});

test('a sheet has a row a picture, the heaviest examples after it', () => {
  const examples = { data: normals(5 * 6), shape: [5, 2, 3] };
  const svg = contributionSheet([{ picture: normals(6), weights: [0, 3, 0, -9, 1] }], examples, { count: 2 });
  expect(svg.startsWith('<svg')).toBe(true);
  expect(() => contributionSheet([{ picture: normals(5), weights: [0, 0, 0, 0, 0] }], examples)).toThrow(
    'picture',
  );
  expect(() => contributionSheet([], examples)).toThrow('rows');
});
