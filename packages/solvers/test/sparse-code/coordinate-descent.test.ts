import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d } from '@unrolled/operators';
import { elasticNet, l1 } from '@unrolled/prox';
import { beforeAll, describe, expect, test } from 'vitest';
import { backendsHere } from '../../../backend/test/support/backends.ts';
import { coordinateDescent, fista, kktViolation, maxIterations, objective, solve } from '../../src/index.ts';
import { draw, onDevice, violationOf } from './reference.ts';

/** Float32 hears correlations some tens of times a weight to about 1e-5 of it. */
const HEARING = 2e-5;

// On wasm by the kernel, elsewhere on the host in float64.
describe.each(await backendsHere(['wasm', 'cpu']))('coordinateDescent on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  test.each([
    {},
    { nonNegative: false },
    { channels: 3, atoms: 5, stride: 2, length: 11 },
    { channels: 2, atoms: 4, stride: 5, length: 4 },
    { atoms: 1, length: 1 },
    { channels: 5, atoms: 7, length: 21, positions: 101 },
    { channels: 16, atoms: 16, length: 66, positions: 9 },
    { positions: 1, atoms: 2 },
    { weight: 0.1, nonNegative: false, positions: 300 },
    { weight: 0.03, positions: 200 },
    { weight: 1e3 },
  ])('meets the optimality conditions, edges included: %o', async (sizes) => {
    const drawn = draw(sizes);
    const { problem, y, tensors } = onDevice(drawn);
    const before = tf.memory().numTensors;
    const solver = await coordinateDescent(problem, { tolerance: 1e-4 });
    const { code, violation } = await solver.solve(y);
    expect(code.shape).toEqual([1, drawn.positions, drawn.atoms]);
    const values = await code.data();
    expect(violationOf(drawn, values)).toBeLessThan(1e-4 + HEARING);
    expect(Math.abs(violation - violationOf(drawn, values))).toBeLessThan(HEARING);
    code.dispose();
    solver.dispose();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(tensors);
  });

  test('finds the minima of scikit-learn', async () => {
    // Lasso and ElasticNet of scikit-learn 1.9.1 at a tolerance of 1e-15 on the same numbers in float64.
    const [length, channels, atoms, positions, weight, ridge] = [6, 2, 2, 30, 1.2, 0.5];
    const filters = Float32Array.from({ length: length * channels * atoms }, (_, index) => {
      const [k, channel, atom] = [Math.floor(index / 4), Math.floor(index / 2) % 2, index % 2];
      return Math.sin(1.3 * (k + 1) * (atom + 1) + 0.7 * channel) / 2;
    });
    const signal = Float32Array.from({ length: (positions + length - 1) * channels }, (_, index) => {
      const [t, channel] = [Math.floor(index / 2), index % 2];
      return Math.cos((0.9 * t * t) / 7 + 1.1 * channel) + 1.5 * Math.sin(0.31 * t);
    });
    const operator = conv1d(tf.tensor3d(filters, [length, channels, atoms]));
    const y = tf.tensor3d(signal, [1, signal.length / channels, channels]);
    for (const [prior, minimum, nonZeros] of [
      [l1(weight, { nonNegative: true }), 63.555984769925594, 9],
      [l1(weight), 63.40506782840887, 11],
      [elasticNet(weight, ridge), 64.1152535159122, 11],
    ] as const) {
      const problem = { operator, prior, likelihood: gaussian() };
      const solver = await coordinateDescent(problem, { tolerance: 1e-4 });
      const { code } = await solver.solve(y);
      // Sums of some hundred float32 numbers; a violation of 1e-4 costs the square of it.
      expect((await objective(problem, y, code).data())[0]).toBeCloseTo(minimum, 3);
      expect(solver.events(signal).values.length).toBe(nonZeros);
      solver.dispose();
    }
  });

  test('is where FISTA goes, given time', async () => {
    const drawn = draw({ positions: 120, channels: 2, atoms: 2, nonNegative: false, weight: 0.4 });
    const { problem, y } = onDevice(drawn);
    const solver = await coordinateDescent(problem, { tolerance: 1e-4 });
    const { code } = await solver.solve(y);
    const { code: other } = await solve(fista(problem, { restart: 'gradient' }), y, {
      stop: [kktViolation(1e-5), maxIterations(3000)],
      checkEvery: 100,
    });
    const [own, its] = await Promise.all([code.data(), other.data()]);
    // Along directions that hardly change the signal both may stop some way off: the curvature is a hundredth there.
    own.forEach((value, entry) => {
      expect(Math.abs(value - its[entry]!)).toBeLessThan(5e-3);
    });
    solver.dispose();
  });

  test('gives the code of every example of a batch, and as events that of one signal', async () => {
    const [first, second] = [
      draw({ positions: 90, seed: 4 }),
      draw({ positions: 90, seed: 4, density: 0.03 }),
    ];
    const { problem } = onDevice(first);
    const solver = await coordinateDescent(problem);
    const y = tf.tensor3d([...first.y, ...second.y], [2, first.y.length, 1]);
    const progress: number[] = [];
    const { code } = await solver.solve(y, { onProgress: (done) => progress.push(done) });
    expect(progress).toEqual([0.5, 1]);
    const values = await code.data();
    for (const [example, { y: signal }] of [first, second].entries()) {
      const { positions, atoms, values: found } = solver.events(signal);
      const dense = new Float32Array(90 * 3);
      positions.forEach((position, index) => {
        dense[position * 3 + atoms[index]!] = found[index]!;
      });
      expect(values.slice(example * 270, (example + 1) * 270)).toEqual(dense);
      const entries = Array.from(positions, (position, index) => 3 * position + atoms[index]!);
      expect(entries).toEqual(entries.toSorted((a, b) => a - b));
      expect(found.every((value) => value > 0)).toBe(true);
    }
    solver.dispose();
  });

  test('shares the work of two atoms that are the same', async () => {
    const drawn = draw({ positions: 100, atoms: 2, weight: 0.2 });
    drawn.filters.forEach((_, index) => {
      drawn.filters[index] = drawn.filters[index - (index % 2)]!;
    });
    drawn.weights.fill(0.2);
    const { problem, y } = onDevice(drawn);
    const solver = await coordinateDescent(problem);
    const { code } = await solver.solve(y);
    expect(violationOf(drawn, await code.data())).toBeLessThan(1e-3 + HEARING);
    solver.dispose();
  });

  test('says how far it is where it may not go on', async () => {
    const drawn = draw({ positions: 500, density: 0.05 });
    const { problem, y } = onDevice(drawn);
    const solver = await coordinateDescent(problem, { maxUpdates: 3 });
    const { code, violation, updates } = await solver.solve(y);
    expect(updates).toBe(3);
    expect(violation).toBeGreaterThan(0.1);
    expect(violation).toBeCloseTo(violationOf(drawn, await code.data()), 4);
    solver.dispose();
  });

  test('goes further than float32 on the host', async () => {
    const drawn = draw({ nonNegative: false, weight: 0.1 });
    const { problem, y } = onDevice(drawn);
    const solver = await coordinateDescent(problem, { tolerance: 1e-9 });
    // Measured before the code is rounded.
    expect((await solver.solve(y)).violation).toBeLessThan(1e-9);
    solver.dispose();
  });
});
