import { random } from '@unrolled/contracts';
import { describe, expect, test } from 'vitest';
import { clusterAccuracy } from '../src/index.ts';
import { permutations } from './permutations.ts';

describe('clusterAccuracy', () => {
  test('is the best over all names of the clusters', () => {
    const draw = random(3);
    for (let turn = 0; turn < 20; turn++) {
      const truth = Array.from({ length: 40 }, () => draw.integer(4));
      const found = truth.map((label) => (draw.uniform() < 0.5 ? label : draw.integer(4)));
      const best = Math.max(
        ...permutations(4).map(
          (names) => truth.filter((label, index) => names[found[index]!] === label).length / truth.length,
        ),
      );
      expect(clusterAccuracy(truth, found)).toBe(best);
    }
  });
  test('counts what is left over as wrong, in clusters and in classes', () => {
    expect(clusterAccuracy([0, 0, 1, 1], [0, 1, 2, 2])).toBe(0.75);
    expect(clusterAccuracy([0, 1, 2, 2], [0, 0, 1, 1])).toBe(0.75);
    expect(clusterAccuracy([1, 1], [0, 0])).toBe(1);
  });
  test.each<[string, () => unknown, string]>([
    ['no examples', () => clusterAccuracy([], []), 'at least one example'],
    ['other examples', () => clusterAccuracy([0, 1], [0]), 'a cluster for every example'],
    ['labels that are none', () => clusterAccuracy([0, -1], [0, 1]), 'truth[1]'],
    ['names', () => clusterAccuracy([0, 1], ['a', 'b'] as never), 'found[0]'],
  ])('refuses %s', (_, call, message) => {
    expect(call).toThrow(message);
  });
});
