import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Likelihood, Problem } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d, dense } from '@unrolled/operators';
import { l1, simplex } from '@unrolled/prox';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { codeSpaceFista, coordinateDescent, type SparseProblem } from '../../src/index.ts';
import { draw, onDevice } from './reference.ts';

await useBackend('wasm');

const filters = tf.tensor3d([0.6, 0.6, 0.8, 0, 0, -0.8], [3, 1, 2]);
const problem = { operator: conv1d(filters), prior: l1(0.5), likelihood: gaussian() };

/** The mean of a Poisson variable is exp η: residuals that are no y − η. */
const poisson: Likelihood<'poisson', never> = {
  ...gaussian(),
  family: 'poisson',
  residual: (y, eta) => tf.tidy(() => tf.sub(y, tf.exp(eta))),
  with: () => poisson,
};

/** Both solvers, as a caller without types may call them. */
const solvers = [
  (given: unknown, options: object = {}) => coordinateDescent(given as SparseProblem, options),
  (given: unknown, options: object = {}) =>
    codeSpaceFista(given as SparseProblem, { iterations: 3, ...options }),
];

describe.each(solvers)('a solver in code space', (make) => {
  test.each([
    ['a dense dictionary', { ...problem, operator: dense(tf.ones([3, 2])) }, /operator.*conv1d.*"dense"/],
    ['a prior on all of a code', { ...problem, prior: simplex() }, /prior.*shrinkage.*"simplex"/],
    ['a weight for every entry', { ...problem, prior: l1(tf.ones([5, 2])) }, /prior.*shrinkage.*"l1"/],
    ['a prior without a weight', { ...problem, prior: l1(0) }, /prior.*weight > 0.*0/],
    ['a weight that is 0 for one atom', { ...problem, prior: l1([1, 0]) }, /prior.*weight > 0/],
    ['weights of another number of atoms', { ...problem, prior: l1([1, 1, 1]) }, /prior.*\[2\].*\[3\]/],
    ['a likelihood without squares', { ...problem, likelihood: poisson }, /likelihood.*Gaussian/],
    ['a filter of zeros', { ...problem, operator: conv1d(tf.zeros([3, 1, 1])) }, /filters.*zero/],
    ['a filter with a NaN', { ...problem, operator: conv1d(tf.fill([3, 1, 1], Number.NaN)) }, /filters.*NaN/],
    ['no problem', undefined, /operator/],
  ])('refuses %s, and keeps no tensor', async (_, given, message) => {
    const before = tf.memory().numTensors;
    await expect(make(given)).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('refuses options that are unknown or out of range', async () => {
    await expect(make(problem, { tolerence: 1 })).rejects.toMatchObject({ code: 'UNKNOWN_OPTION' });
    for (const options of [{ tolerance: 0 }, { tolerance: Number.NaN }, { maxUpdates: 0.5 }])
      await expect(coordinateDescent(problem, options)).rejects.toThrow(Object.keys(options)[0]!);
    for (const options of [{ iterations: 0 }, { step: -1 }, { momentum: 3 as never }])
      await expect(codeSpaceFista(problem, { iterations: 1, ...options })).rejects.toThrow(
        Object.keys(options)[0]!,
      );
  });

  test('refuses signals that are not finite, too short or of other channels', async () => {
    const solver = await make(problem);
    for (const [signal, message] of [
      [Float32Array.of(1, 2, Number.NaN, 4), /signal.*NaN.*index 2/],
      [Float32Array.of(1, 2, Number.POSITIVE_INFINITY), /signal.*Infinity/],
      [Float32Array.of(1, 2), /3/],
      [Float32Array.of(1, -2e18, 3, 4), /signal.*size.*-1/],
      [new Float32Array(0), /signal/],
      [[1, 2, 3], /Float32Array/],
    ] as const)
      expect(() => solver.events(signal as Float32Array)).toThrow(message);
    await expect(solver.solve(tf.tensor3d([1, 2, Number.NaN], [1, 3, 1]))).rejects.toThrow(/y.*NaN/);
    await expect(solver.solve(tf.ones([1, 2, 1]))).rejects.toThrow(/2/);
    await expect(solver.solve(tf.ones([1, 5, 2]))).rejects.toMatchObject({ code: 'INVALID_SHAPE' });
    await expect(solver.solve(tf.ones([1, 5, 1], 'int32'))).rejects.toMatchObject({ code: 'INVALID_DTYPE' });
    await expect(solver.solve(tf.ones([1, 5, 1]), { abort: 1 } as never)).rejects.toThrow('abort');
    solver.dispose();
  });

  test('stops where it is told to, and leaves no tensor', async () => {
    const drawn = draw({ positions: 90_000, density: 0.001, length: 5, atoms: 3 });
    const { problem: long, y } = onDevice(drawn);
    const solver = await make(long);
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const progress: number[] = [];
    const onProgress = (done: number) => {
      progress.push(done);
      controller.abort();
    };
    await expect(solver.solve(y, { signal: controller.signal, onProgress })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(progress.length).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
    solver.dispose();
  });

  test('refuses to work once it was disposed of, which may be twice', async () => {
    const solver = await make(problem);
    const before = tf.memory().numTensors;
    solver.dispose();
    solver.dispose();
    expect(tf.memory().numTensors).toBe(before - 1);
    expect(() => solver.events(Float32Array.of(1, 2, 3))).toThrow(/disposed/);
    await expect(solver.solve(tf.ones([1, 3, 1]))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  test('refuses to work on a backend that it was not made on', async () => {
    const solver = await make(problem);
    await useBackend('cpu');
    expect(() => solver.events(Float32Array.of(1, 2, 3))).toThrow(/wasm.*cpu/);
    await useBackend('wasm');
    solver.dispose();
  });
});

test('iterations that diverge say so', async () => {
  const solver = await codeSpaceFista(problem, { iterations: 200, step: 5 });
  expect(() => solver.events(new Float32Array(50).fill(9))).toThrow(/step/);
  solver.dispose();
});

test('types refuse what cannot be solved in code space', () => {
  const refused = () => {
    // @ts-expect-error no convolution
    coordinateDescent({ ...problem, operator: dense(tf.ones([3, 2])) });
    // @ts-expect-error no squares
    coordinateDescent({ ...problem, likelihood: poisson });
    // @ts-expect-error iterations are missing
    codeSpaceFista(problem);
    // @ts-expect-error no such option
    coordinateDescent(problem, { tolerence: 1 });
  };
  expectTypeOf(refused).toBeFunction();
  expectTypeOf(problem).toExtend<SparseProblem>();
  expectTypeOf(problem).toExtend<Problem>();
});
