import { random } from '@unrolled/contracts';
import { describe, expect, test } from 'vitest';
import { isoMerge } from '../src/initial/iso-merge.ts';
import { isocut, isotonicFit } from '../src/initial/isocut.ts';
import { kMeans } from '../src/initial/k-means.ts';
import { wardMerge } from '../src/initial/ward.ts';

describe('isotonicFit', () => {
  test('pools what violates the order', () => {
    expect([...isotonicFit([1, 3, 2, 4], [1, 1, 1, 1])]).toEqual([1, 2.5, 2.5, 4]);
    expect([...isotonicFit([3, 1], [3, 1])]).toEqual([2.5, 2.5]);
    expect([...isotonicFit([5, 4, 3], [1, 1, 1])]).toEqual([4, 4, 4]);
  });
});

describe('isocut', () => {
  const source = random(3);
  const dips = (apart: number) =>
    Array.from(
      { length: 20 },
      () => isocut(Array.from({ length: 200 }, (_, i) => source.normal() + (i % 2) * apart)).dip,
    );

  test('has small dips for one mode, large ones for two', () => {
    // Two normals of deviation 1 have one mode up to a distance of 2.
    expect(Math.max(...dips(0))).toBeLessThan(1.6);
    expect(Math.min(...dips(6))).toBeGreaterThan(2);
  });

  test('knows nothing of a handful of points', () => {
    expect(isocut([1, 2, 30, 31]).dip).toBe(0);
  });
});

describe('clusters', () => {
  const source = random(4);
  const centres = [
    [0, 0, 0],
    [12, 0, 0],
    [0, 12, 0],
  ];
  const truth = Int32Array.from({ length: 300 }, (_, i) => i % 3);
  const points = Array.from(truth, (c) => Float64Array.from(centres[c]!, (value) => value + source.normal()));
  const many = kMeans(points, 20, random(1));

  test.each([
    ['isoMerge', isoMerge(points, many)],
    ['wardMerge', wardMerge(points, many, 3)],
  ])('%s puts parts together again', (_, labels) => {
    expect(Math.max(...labels)).toBe(2);
    for (let i = 3; i < 300; i++)
      if (labels[i]! >= 0)
        expect(labels[i]).toBe(labels[labels.findIndex((l, j) => l >= 0 && truth[j] === truth[i])]);
  });

  test('isoMerge leaves out clusters that are too small to judge', () => {
    expect([...isoMerge(points.slice(0, 5), Int32Array.of(0, 0, 0, 0, 0))]).toEqual([-1, -1, -1, -1, -1]);
  });
});
