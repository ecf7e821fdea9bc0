import { random } from '@unrolled/contracts';
import { clusterAccuracy } from '@unrolled/metrics';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { watchTensors } from '../../backend/test/support/watch-tensors.ts';
import {
  clusterCodes,
  codesOf,
  kMeans,
  type SparseCodes,
  seedLandmarks,
  sparseCodes,
  spectralEmbedding,
  trainKds,
} from '../src/index.ts';
import { project } from './reference/kds.ts';
import { networkOf, twoMoons, withNetwork } from './tensors.ts';

watchTensors();

/** Codes over `atoms`, of examples in some groups that share no atom. */
function groupedCodes(seed: number, options: { examples: number; atoms: number; groups: number }) {
  const { examples, atoms, groups } = options;
  const draw = random(seed);
  const labels = Array.from({ length: examples }, (_, index) => index % groups);
  const rows = labels.map((label) =>
    project(Array.from({ length: atoms }, (_, j) => (j % groups === label ? draw.normal(0, 0.4) : -50))),
  );
  const codes = sparseCodes({ data: Float32Array.from(rows.flat()), shape: [examples, atoms] });
  return { codes, rows, labels };
}

describe('the spectral embedding', () => {
  test('is that of the bipartite graph of examples and atoms', () => {
    const [examples, atoms] = [14, 6];
    const { codes, rows } = groupedCodes(1, { examples, atoms, groups: 1 });
    const { values, atoms: places } = spectralEmbedding(codes, 3);
    // The normalised adjacency of all twenty nodes, decomposed as a whole.
    const size = examples + atoms;
    const weight = (i: number, j: number): number =>
      i < examples && j >= examples
        ? rows[i]![j - examples]!
        : i >= examples && j < examples
          ? rows[j]![i - examples]!
          : 0;
    const degrees = Array.from({ length: size }, (_, i) =>
      Array.from({ length: size }, (_, j) => weight(i, j)).reduce((sum, value) => sum + value),
    );
    const adjacency = new Matrix(
      Array.from({ length: size }, (_, i) =>
        Array.from({ length: size }, (_, j) => weight(i, j) / Math.sqrt(degrees[i]! * degrees[j]!)),
      ),
    );
    const whole = new EigenvalueDecomposition(adjacency, { assumeSymmetric: true });
    const order = whole.realEigenvalues
      .map((_, index) => index)
      .sort((a, b) => whole.realEigenvalues[b]! - whole.realEigenvalues[a]!);
    for (let component = 0; component < 3; component++) {
      const at = order[component]!;
      // Codes are float32, so that their rows sum to 1 within 1e-7.
      expect(values[component]).toBeCloseTo(whole.realEigenvalues[at]! ** 2, 6);
      const vector = whole.eigenvectorMatrix
        .getColumn(at)
        .slice(examples)
        .map((value, j) => value / Math.sqrt(degrees[examples + j]!));
      const found = Array.from({ length: atoms }, (_, j) => places.data[j * 3 + component]!);
      // One vector up to its length: half of the other's weight lies on the examples.
      const ratio = found[0]! / vector[0]!;
      found.forEach((value, j) => {
        expect(Math.abs(value - ratio * vector[j]!)).toBeLessThan(1e-5 * Math.abs(ratio));
      });
    }
  });

  test('by Lanczos is the one by a dense decomposition, eigenvalues of multiplicity included', () => {
    const { codes } = groupedCodes(2, { examples: 300, atoms: 60, groups: 3 });
    const dense = spectralEmbedding(codes, 5, { method: 'dense' });
    const lanczos = spectralEmbedding(codes, 5, { method: 'lanczos' });
    dense.values.forEach((value, index) => {
      expect(lanczos.values[index]).toBeCloseTo(value, 9);
    });
    // Three pieces, three times 1.
    expect(Array.from(dense.values.subarray(0, 3), (value) => Math.abs(value - 1) < 1e-6)).toEqual([
      true,
      true,
      true,
    ]);
    expect(dense.values[3]).toBeLessThan(0.9);
    // The eigenvectors of 1 are any basis of theirs: what does not depend on it are the products of places.
    const product = ({ data }: { data: Float64Array }, i: number, j: number) =>
      [0, 1, 2].reduce((sum, k) => sum + data[5 * i + k]! * data[5 * j + k]!, 0);
    for (const [i, j] of [
      [0, 0],
      [0, 3],
      [1, 7],
      [0, 1],
      [20, 59],
    ] as const)
      expect(product(lanczos.atoms, i, j)).toBeCloseTo(product(dense.atoms, i, j), 8);
  });

  test('places an example at the mean of its atoms, seen before or not', () => {
    const { codes } = groupedCodes(3, { examples: 30, atoms: 8, groups: 2 });
    const { atoms, embed } = spectralEmbedding(codes, 2);
    const half = sparseCodes({ data: Float32Array.of(0.5, 0, 0.5, 0, 0, 0, 0, 0), shape: [1, 8] });
    const expected = [0, 1].map((k) => (atoms.data[k]! + atoms.data[4 + k]!) / 2);
    expect(Array.from(embed(half).data)).toEqual(expected);
  });
});

describe('k-means', () => {
  test('finds what is best of all partitions of a few points', () => {
    const draw = random(5);
    const data = Float64Array.from({ length: 16 }, () => draw.normal());
    const points = { data, shape: [8, 2] as const };
    const inertia = (labels: readonly number[]): number =>
      [0, 1, 2].reduce((sum, label) => {
        const own = labels.flatMap((other, index) => (other === label ? [index] : []));
        return (
          sum +
          [0, 1].reduce((part, axis) => {
            const mean = own.reduce((total, index) => total + data[2 * index + axis]!, 0) / own.length;
            return part + own.reduce((total, index) => total + (data[2 * index + axis]! - mean) ** 2, 0);
          }, 0)
        );
      }, 0);
    let best = Number.POSITIVE_INFINITY;
    for (let code = 0; code < 3 ** 8; code++) {
      const labels = Array.from({ length: 8 }, (_, index) => Math.floor(code / 3 ** index) % 3);
      if (new Set(labels).size === 3) best = Math.min(best, inertia(labels));
    }
    const found = kMeans(points, 3, { restarts: 50 });
    expect(found.inertia).toBeCloseTo(best, 9);
    expect(inertia(Array.from(found.labels))).toBeCloseTo(best, 9);
    expect(kMeans(points, 3, { restarts: 50 })).toEqual(found);
  });
  test('leaves no cluster empty, with as many clusters as points', () => {
    const points = { data: Float64Array.of(0, 1, 2, 3, 100), shape: [5, 1] as const };
    expect(new Set(kMeans(points, 5, { restarts: 3 }).labels).size).toBe(5);
  });
});

describe('clusters of codes', () => {
  test('are the pieces of a graph in pieces; a new example joins that of its atoms', () => {
    const { codes, labels } = groupedCodes(7, { examples: 60, atoms: 12, groups: 3 });
    const clustering = clusterCodes(codes, 3);
    expect(clusterAccuracy(labels, clustering.labels)).toBe(1);
    expect(
      clusterAccuracy(
        Array.from({ length: 12 }, (_, j) => j % 3),
        clustering.atomLabels,
      ),
    ).toBe(1);
    const [, other] = [0, groupedCodes(8, { examples: 9, atoms: 12, groups: 3 })];
    expect(Array.from(clustering.assign(other.codes))).toEqual(
      Array.from(other.labels, (label) => clustering.labels[label]!),
    );
  });

  test('an atom that no code uses is in nobody’s way', () => {
    const { codes, labels } = groupedCodes(9, { examples: 60, atoms: 12, groups: 3 });
    const wider: SparseCodes = { ...codes, size: 14 };
    const clustering = clusterCodes(wider, 3);
    expect(clusterAccuracy(labels, clustering.labels)).toBe(1);
    expect(clustering.atomLabels).toHaveLength(14);
  });

  test('tell two moons apart, those that were trained on and others', async () => {
    const { points, labels } = twoMoons(600, 1);
    const others = twoMoons(200, 2);
    await withNetwork(networkOf(seedLandmarks(points, 24), { weight: 5, layers: 15 }), async (network) => {
      for await (const _ of trainKds(network, points, { landmarks: 'closed-form', epochs: 6 }));
      const clustering = clusterCodes(await codesOf(network, points), 2);
      // Of 10,000 points 0.998 are right; of 600 a few may lie on the wrong side.
      expect(clusterAccuracy(labels, clustering.labels)).toBeGreaterThan(0.985);
      expect(
        clusterAccuracy(others.labels, clustering.assign(await codesOf(network, others.points))),
      ).toBeGreaterThan(0.98);
    });
  });
});
