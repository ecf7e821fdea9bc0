import { random } from '@unrolled/contracts';
import { describe, expect, test } from 'vitest';
import { watchTensors } from '../../backend/test/support/watch-tensors.ts';
import { bestLandmarks, codesOf, seedLandmarks, sparseCodes, unitNorm } from '../src/index.ts';
import { reseed } from '../src/landmarks/reseed.ts';
import { examplesOf, objective, project, rowsOf, squaredDistance } from './reference/kds.ts';
import { networkOf, normals, twoMoons, withNetwork } from './tensors.ts';

watchTensors();

/** Codes on the simplex, in float32, half of their entries 0. */
function drawCodes(seed: number, examples: number, atoms: number): Float32Array {
  const draw = random(seed);
  return Float32Array.from(
    Array.from({ length: examples }, () =>
      project(Array.from({ length: atoms }, () => draw.normal(0, 0.5))),
    ).flat(),
  );
}

describe('the closed form', () => {
  const [features, atoms, count, weight] = [3, 5, 40, 0.7];
  const examples = normals(1, count, features);
  const codes = drawCodes(2, count, atoms);
  const first = normals(3, features, atoms);
  const points = examplesOf(examples.data, features);
  const rows = examplesOf(codes, atoms);
  const total = (landmarks: readonly (readonly number[])[]): number =>
    points.reduce((sum, y, index) => sum + objective(landmarks, weight, y, rows[index]!), 0);

  test('O-17: is where the objective has no slope, and is smallest', () => {
    const { landmarks, unused } = bestLandmarks(
      examples,
      sparseCodes({ data: codes, shape: [count, atoms] }),
      {
        weight,
        landmarks: first,
      },
    );
    expect(unused).toHaveLength(0);
    const best = rowsOf(landmarks.data, features, atoms);
    const value = total(best);
    const h = 1e-3;
    for (let j = 0; j < atoms; j++)
      for (let i = 0; i < features; i++) {
        const moved = (by: number) =>
          total(
            best.map((atom, k) => (k === j ? atom.map((entry, f) => (f === i ? entry + by : entry)) : atom)),
          );
        // The landmarks are rounded to float32: so is where the slope is 0. The objective is quadratic in them.
        expect(Math.abs((moved(h) - moved(-h)) / (2 * h))).toBeLessThan(2e-5 * value);
        expect(Math.min(moved(h), moved(-h))).toBeGreaterThan(value);
      }
    expect(value).toBeLessThan(total(rowsOf(first.data, features, atoms)));
  });

  test('for a large λ and the nearest landmarks: the means of k-means', () => {
    const labels = points.map((_, index) => index % atoms);
    const oneHot = Float32Array.from(
      labels.flatMap((label) => rows[0]!.map((_, j) => (j === label ? 1 : 0))),
    );
    const { landmarks } = bestLandmarks(examples, sparseCodes({ data: oneHot, shape: [count, atoms] }), {
      weight: 1e6,
      landmarks: first,
    });
    rowsOf(landmarks.data, features, atoms).forEach((atom, j) => {
      const own = points.filter((_, index) => labels[index] === j);
      atom.forEach((value, i) => {
        expect(value).toBeCloseTo(own.reduce((sum, y) => sum + y[i]!, 0) / own.length, 5);
      });
    });
  });

  test('leaves an atom that no code uses as it was, and says so', () => {
    const without = Float32Array.from(rows.flatMap((code) => project([...code.slice(0, 4), -10])));
    const { landmarks, unused } = bestLandmarks(
      examples,
      sparseCodes({ data: without, shape: [count, atoms] }),
      {
        weight,
        landmarks: first,
      },
    );
    expect(Array.from(unused)).toEqual([4]);
    expect(rowsOf(landmarks.data, features, atoms)[4]).toEqual(rowsOf(first.data, features, atoms)[4]);
  });
});

describe('seeds', () => {
  const examples = normals(5, 30, 2);
  const points = examplesOf(examples.data, 2);
  test.each(['distance', 'uniform'] as const)('by %s are different examples, the same for a seed', (draw) => {
    const seeds = seedLandmarks(examples, 12, { draw, seed: 4 });
    expect(seeds.shape).toEqual([2, 12]);
    const places = rowsOf(seeds.data, 2, 12).map((seed) =>
      points.findIndex((point) => point[0] === seed[0] && point[1] === seed[1]),
    );
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(new Set(places).size).toBe(12);
    expect(seedLandmarks(examples, 12, { draw, seed: 4 }).data).toEqual(seeds.data);
  });
  test('by distance find a few points far away, which uniform ones miss', () => {
    // 990 points at 0, more or less, and ten at 100: two seeds.
    const draw = random(1);
    const data = Float32Array.from(
      { length: 1000 },
      (_, index) => (index % 100 === 7 ? 100 : 0) + draw.normal(),
    );
    const found = (how: 'distance' | 'uniform') =>
      Array.from({ length: 50 }, (_, seed) =>
        seedLandmarks({ data, shape: [1000, 1] }, 2, { draw: how, seed }).data.some((value) => value > 50),
      ).filter(Boolean).length;
    // The chance of the distance draw is 10 · 100 / (10 · 100 + 990 · 1.1): about a half. Of a uniform one 2 %.
    expect(found('distance')).toBeGreaterThan(12);
    expect(found('uniform')).toBeLessThan(6);
  });
});

test('what is seeded anew stands on examples far from the others', () => {
  const { points } = twoMoons(200, 1);
  const landmarks = { data: Float32Array.of(0, 0.5, 9, 0, 0.9, 9), shape: [2, 3] };
  const found = reseed(landmarks, [2], points, random(3));
  const atoms = rowsOf(found.data, 2, 3);
  expect(atoms.slice(0, 2)).toEqual(rowsOf(landmarks.data, 2, 3).slice(0, 2));
  expect(examplesOf(points.data, 2)).toContainEqual(atoms[2]);
  expect(Math.min(...atoms.slice(0, 2).map((atom) => squaredDistance(atom, atoms[2]!)))).toBeGreaterThan(
    0.01,
  );
});

test('codes of many batches are those of one, with their zeros left out', async () => {
  const { points } = twoMoons(50, 2);
  await withNetwork(networkOf(seedLandmarks(points, 6), { weight: 1, layers: 10 }), async (network) => {
    const [one, many] = [await codesOf(network, points), await codesOf(network, points, { batchSize: 7 })];
    expect(many).toEqual(one);
    expect(one.starts).toHaveLength(51);
    expect(one.values.every((value) => value > 0)).toBe(true);
    // Five atoms of six are too far away, or nearly.
    expect(one.values.length).toBeLessThan(50 * 4);
    expect(one.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(50, 4);
  });
});

test('unit norm: every example has it, and its direction', () => {
  const { data } = unitNorm({ data: Float32Array.of(3, 4, 0, -1e-20), shape: [2, 2] });
  expect(Array.from(data)).toEqual([Math.fround(0.6), Math.fround(0.8), 0, -1]);
});
