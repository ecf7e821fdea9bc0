import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradients } from '@unrolled/backend';
import { gaussian } from '@unrolled/likelihoods';
import { dense } from '@unrolled/operators';
import { locality } from '@unrolled/prox';
import { chambolleDossalMomentum, fista, maxIterations, solve } from '@unrolled/solvers';
import { lasso } from '@unrolled/unroll';
import { describe, expect, test } from 'vitest';
import { watchTensors } from '../../backend/test/support/watch-tensors.ts';
import { barycentric, delaunay } from './reference/delaunay.ts';
import { combination, encode, examplesOf, objective, rowsOf, squaredDistance } from './reference/kds.ts';
import { codesIn, networkOf, normals, withNetwork } from './tensors.ts';

watchTensors();

// Through the signal, and with fewer atoms than twice the features through the Gram matrix.
const shapes = [
  { features: 2, atoms: 7 },
  { features: 6, atoms: 5 },
];

describe.each(shapes)('$atoms landmarks in $features dimensions', ({ features, atoms }) => {
  const landmarks = normals(1, features, atoms);
  const signals = normals(2, 4, features);
  const matrix = rowsOf(landmarks.data, features, atoms);
  const examples = examplesOf(signals.data, features);
  const weight = Math.fround(0.3);

  test.each(['accelerated', 'basic'] as const)(
    'the %s encoder is the algorithm in float64',
    async (encoder) => {
      await withNetwork(networkOf(landmarks, { weight, layers: 15, encoder }), async (network) => {
        const [step] = await network.variables['step']!.data();
        const found = await codesIn(network, signals);
        examples.forEach((y, index) => {
          const expected = encode(matrix, y, {
            weight,
            step: step!,
            layers: 15,
            momentum: encoder === 'accelerated',
          }).at(-1)!;
          // Fifteen layers of float32 on numbers of some units.
          expected.forEach((value, j) => {
            expect(Math.abs(found[index]![j]! - value)).toBeLessThan(2e-5);
          });
          expect(found[index]!.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
        });
      });
    },
  );

  test('untrained, the network is truncated FISTA, bit for bit', async () => {
    await withNetwork(networkOf(landmarks, { weight, layers: 12 }), async (network) => {
      const operator = dense(tf.tensor(landmarks.data, [features, atoms]));
      const prior = locality(weight);
      const y = tf.tensor(signals.data, [...signals.shape]);
      const problem = { operator, prior, likelihood: gaussian() };
      const form = atoms < 2 * features ? 'gram' : 'signal';
      const iteration = fista(problem, { momentum: chambolleDossalMomentum(), form });
      const { code } = await solve(iteration, y, { stop: maxIterations(12) });
      expect((await codesIn(network, signals)).flat()).toEqual(Array.from(await code.data()));
      tf.dispose([code, y, { ...operator.parameters }, { ...prior.parameters }]);
    });
  });

  test('the loss is the objective, and its gradient that of finite differences, through encoder, weights and decoder', async () => {
    const layers = 6;
    await withNetwork(networkOf(landmarks, { weight, layers, trainStep: true }), async (network) => {
      const step = (await network.variables['step']!.data())[0]!;
      const lossAt = (at: readonly (readonly number[])[], length: number): number =>
        examples.reduce((sum, y) => {
          const x = encode(at, y, { weight, step: length, layers, momentum: true }).at(-1)!;
          return sum + objective(at, weight, y, x) / examples.length;
        }, 0);
      const y = tf.tensor(signals.data, [...signals.shape]);
      const { value, gradients } = valueAndGradients(() => lasso()(network as never, y), network.trainable);
      expect((await value.data())[0]).toBeCloseTo(lossAt(matrix, step), 4);
      const [byAtoms, byStep] = await Promise.all(gradients.map((gradient) => gradient!.data()));
      tf.dispose([y, value, ...gradients.map((gradient) => gradient!)]);
      const h = 1e-6;
      const largest = Math.max(...byAtoms!.map(Math.abs));
      for (let j = 0; j < atoms; j++)
        for (let i = 0; i < features; i++) {
          const moved = (by: number) =>
            matrix.map((atom, k) =>
              k === j ? atom.map((entry, f) => (f === i ? entry + by : entry)) : atom,
            );
          const difference = (lossAt(moved(h), step) - lossAt(moved(-h), step)) / (2 * h);
          // Gradients of six layers in float32: 1e-3 would be a wrong term's doing.
          expect(Math.abs(byAtoms![i * atoms + j]! - difference)).toBeLessThan(1e-4 * largest);
        }
      const slope = (lossAt(matrix, step + h) - lossAt(matrix, step - h)) / (2 * h);
      expect(Math.abs(byStep![0]! - slope)).toBeLessThan(1e-3 * Math.abs(slope));
    });
  });
});

describe('known codes', () => {
  test('of a landmark far from the others: itself', async () => {
    const landmarks = { data: Float32Array.of(0, 5, 0, 0, 0, 5), shape: [2, 3] };
    await withNetwork(networkOf(landmarks, { weight: 0.1, layers: 60 }), async (network) => {
      expect(await codesIn(network, { data: Float32Array.of(5, 0), shape: [1, 2] })).toEqual([[0, 1, 0]]);
    });
  });
  test('of one landmark: 1, whatever the signal', async () => {
    await withNetwork(networkOf(normals(1, 3, 1), { weight: 1, layers: 1 }), async (network) => {
      expect(await codesIn(network, normals(2, 3, 3))).toEqual([[1], [1], [1]]);
    });
  });
  test('where the landmarks are the data: each its own, and no loss', async () => {
    const points = normals(3, 6, 2);
    const landmarks = { data: Float32Array.from(rowsOf(points.data, 6, 2).flat()), shape: [2, 6] };
    await withNetwork(networkOf(landmarks, { weight: 2, layers: 200 }), async (network) => {
      const codes = await codesIn(network, points);
      codes.forEach((code, row) => {
        code.forEach((value, j) => {
          expect(value).toBeCloseTo(row === j ? 1 : 0, 5);
        });
      });
    });
  });
  test('for a large λ: the nearest landmark', async () => {
    const [landmarks, points] = [normals(4, 2, 9), normals(5, 20, 2)];
    await withNetwork(networkOf(landmarks, { weight: 1e4, layers: 3 }), async (network) => {
      const atoms = rowsOf(landmarks.data, 2, 9);
      const codes = await codesIn(network, points);
      examplesOf(points.data, 2).forEach((y, row) => {
        const distances = atoms.map((atom) => squaredDistance(y, atom));
        expect(codes[row]!.indexOf(1)).toBe(distances.indexOf(Math.min(...distances)));
      });
    });
  });
  test('by the basic encoder, layer by layer: the objective never rises', async () => {
    const [landmarks, points] = [normals(6, 3, 8), normals(7, 5, 3)];
    const atoms = rowsOf(landmarks.data, 3, 8);
    let before: readonly number[] = [];
    for (const layers of [1, 2, 3, 5, 9, 20, 60]) {
      await withNetwork(networkOf(landmarks, { weight: 0.2, layers, encoder: 'basic' }), async (network) => {
        const codes = await codesIn(network, points);
        const now = examplesOf(points.data, 3).map((y, row) => objective(atoms, 0.2, y, codes[row]!));
        // Rounding of codes that are done.
        now.forEach((value, row) => {
          expect(value).toBeLessThanOrEqual((before[row] ?? Number.POSITIVE_INFINITY) + 1e-6);
        });
        before = now;
      });
    }
  });
});

test('O-18: codes are supported on the Delaunay cell of what they decode to, in 200 draws', async () => {
  const [sets, pointsEach, atoms] = [4, 50, 12];
  let largest = 0;
  for (let set = 0; set < sets; set++) {
    const landmarks = normals(100 + set, 2, atoms);
    const corners = rowsOf(landmarks.data, 2, atoms);
    const cells = delaunay(corners);
    const points = normals(200 + set, pointsEach, 2);
    // Inside the hull for certain: they are halved.
    const halved = { ...points, data: points.data.map((value) => value / 2) };
    await withNetwork(networkOf(landmarks, { weight: 0.2, layers: 1000 }), async (network) => {
      for (const code of await codesIn(network, halved)) {
        const decoded = combination(corners, code);
        const support = code.flatMap((value, j) => (value > 1e-4 ? [j] : []));
        largest = Math.max(largest, support.length);
        // On an edge or a corner, float32 says inside of more cells than one.
        const around = cells.filter((cell) =>
          barycentric(corners, cell, decoded).every((share) => share > -2e-3),
        );
        expect(around.some((cell) => support.every((atom) => cell.includes(atom)))).toBe(true);
      }
    });
  }
  // Three corners, and not fewer always: otherwise this would say little.
  expect(largest).toBe(3);
});
