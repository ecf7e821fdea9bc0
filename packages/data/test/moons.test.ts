import { describe, expect, test } from 'vitest';
import { simulateMoons } from '../src/index.ts';

describe('two moons', () => {
  test('without noise lie on their half circles', () => {
    const { points, labels } = simulateMoons({ points: 200, noise: 0 });
    expect(points.shape).toEqual([200, 2]);
    labels.data.forEach((label, index) => {
      const [x, y] = [points.data[2 * index]!, points.data[2 * index + 1]!];
      const [u, v] = label === 0 ? [x, y] : [1 - x, 0.5 - y];
      expect(Math.hypot(u, v)).toBeCloseTo(1, 6);
      expect(v).toBeGreaterThan(-1e-6);
    });
    // Spread along all of the angle.
    expect(Math.min(...points.data)).toBeLessThan(-0.95);
    expect(Math.max(...points.data)).toBeGreaterThan(1.95);
  });
  test('have noise of the deviation that was asked for, and depend on the seed alone', () => {
    const [clean, noisy] = [0, 0.1].map(
      (noise) => simulateMoons({ points: 4000, noise, seed: 3 }).points.data,
    );
    // The same draws, scaled: a deviation over 8,000 coordinates is known to 1 %.
    const square = noisy!.reduce((sum, value, index) => sum + (value - clean![index]!) ** 2, 0);
    expect(Math.sqrt(square / noisy!.length)).toBeCloseTo(0.1, 2);
    expect(simulateMoons({ points: 50, seed: 4 })).toEqual(simulateMoons({ points: 50, seed: 4 }));
  });
  test('refuse what cannot be', () => {
    expect(() => simulateMoons({ points: 0 })).toThrow(/points/);
    expect(() => simulateMoons({ noise: -1 })).toThrow(/noise/);
    expect(() => simulateMoons({ seed: 0.5 })).toThrow(/seed/);
    expect(() => simulateMoons({ moons: 3 } as object)).toThrow(/unknown option "moons"/);
  });
});
