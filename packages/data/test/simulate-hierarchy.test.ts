import { expect, test } from 'vitest';
import { simulateHierarchy } from '../src/index.ts';

test('signals are what the dictionaries make of the codes, level by level', () => {
  const { signals, dictionaries, codes } = simulateHierarchy({
    features: 7,
    atoms: [6, 5],
    examples: 20,
    columnSparsity: 3,
    active: 2,
    seed: 3,
  });
  expect(dictionaries.map(({ shape }) => shape)).toEqual([
    [7, 6],
    [6, 5],
  ]);
  const levels = [signals, ...codes];
  for (const [level, { data, shape }] of dictionaries.entries()) {
    const [rows, columns] = shape as [number, number];
    for (let example = 0; example < 20; example++) {
      for (let row = 0; row < rows; row++) {
        let sum = 0;
        for (let column = 0; column < columns; column++)
          sum += data[row * columns + column]! * levels[level + 1]!.data[example * columns + column]!;
        expect(levels[level]!.data[example * rows + row]).toBeCloseTo(sum, 5);
      }
    }
    for (let column = 0; column < columns; column++) {
      const values = Array.from({ length: rows }, (_, row) => data[row * columns + column]!);
      expect(Math.hypot(...values)).toBeCloseTo(1, 6);
      if (level > 0) expect(values.filter((value) => value !== 0)).toHaveLength(3);
    }
  }
  for (let example = 0; example < 20; example++) {
    const row = codes[1]!.data.subarray(example * 5, example * 5 + 5);
    expect(row.filter((value) => value !== 0)).toHaveLength(2);
  }
});

test('no two columns have the same rows, as long as there are others', () => {
  // 28 pairs of eight rows: dealt without care, some of 24 would be the same.
  const supports = (atoms: readonly number[]): string[] => {
    const { data, shape } = simulateHierarchy({ atoms, examples: 1, seed: 2 }).dictionaries[1]!;
    const [rows, columns] = shape as [number, number];
    return Array.from({ length: columns }, (_, column) =>
      Array.from({ length: rows }, (_, row) => (data[row * columns + column] === 0 ? '0' : '1')).join(''),
    );
  };
  expect(new Set(supports([8, 24])).size).toBe(24);
  expect(new Set(supports([3, 9])).size).toBe(3);
});

test('non-negative where asked, the same for a seed, and options that cannot be are refused', () => {
  const options = { atoms: [4, 4], examples: 10, nonNegative: true, seed: 1 };
  const [a, b] = [simulateHierarchy(options), simulateHierarchy(options)];
  expect(a.signals.data).toEqual(b.signals.data);
  for (const part of [a.dictionaries[1]!, ...a.codes]) expect(Math.min(...part.data)).toBe(0);
  expect(() => simulateHierarchy({ atoms: [] })).toThrow('atoms');
  expect(() => simulateHierarchy({ atoms: [4], active: 5 })).toThrow('active');
  expect(() => simulateHierarchy({ atoms: [2, 4], columnSparsity: 3 })).toThrow('columnSparsity');
  expect(() => simulateHierarchy({ depth: 2 } as object)).toThrow('depth');
});
