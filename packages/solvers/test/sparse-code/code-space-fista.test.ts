import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { elasticNet } from '@unrolled/prox';
import { beforeAll, describe, expect, test } from 'vitest';
import { backendsHere } from '../../../backend/test/support/backends.ts';
import {
  chambolleDossalMomentum,
  codeSpaceFista,
  fista,
  maxIterations,
  nesterovMomentum,
  solve,
} from '../../src/index.ts';
import { draw, onDevice, referenceFista, violationOf } from './reference.ts';

/** The largest difference of two codes. */
const apart = (one: ArrayLike<number>, other: ArrayLike<number>): number =>
  Array.from(one).reduce((most, value, entry) => Math.max(most, Math.abs(value - other[entry]!)), 0);

/** Numbers of some 2, with a few float32 roundings in every one of a dozen iterations. */
const ROUNDING = 1e-5;

// On wasm by the kernel, elsewhere on the host in float64.
describe.each(await backendsHere(['wasm', 'cpu']))('codeSpaceFista on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  test.each([
    {},
    { nonNegative: false },
    { channels: 3, atoms: 5, stride: 2, length: 11 },
    { atoms: 1, length: 1 },
    { channels: 5, atoms: 7, length: 21, positions: 101 },
    { channels: 16, atoms: 16, length: 66, positions: 9 },
    { weight: 0.1, nonNegative: false },
    { weight: 1e3 },
  ])('is the network, and its reference in float64: %o', async (sizes) => {
    const drawn = draw({ positions: 250, ...sizes });
    const { problem, y, tensors } = onDevice(drawn);
    const before = tf.memory().numTensors;
    const solver = await codeSpaceFista(problem, { iterations: 12 });
    const { code, violation } = await solver.solve(y);
    const values = await code.data();
    const { code: network } = await solve(fista(problem), y, { stop: maxIterations(12) });
    expect(apart(values, await network.data())).toBeLessThan(ROUNDING);
    const step = Math.fround(1 / (await problem.operator.lipschitz()));
    expect(apart(values, referenceFista(drawn, step, 12, nesterovMomentum))).toBeLessThan(ROUNDING);
    expect(violation).toBeCloseTo(violationOf(drawn, values), 4);
    tf.dispose([code, network]);
    solver.dispose();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(tensors);
  });

  test('with a ridge, a step and a momentum of its own', async () => {
    const drawn = draw({ nonNegative: false });
    const { problem: lasso, y } = onDevice(drawn);
    const problem = { ...lasso, prior: elasticNet([0.2, 0.3, 0.4], [0.5, 0, 2]) };
    const options = { step: 0.1, momentum: chambolleDossalMomentum(3) };
    const solver = await codeSpaceFista(problem, { iterations: 9, ...options });
    const { code } = await solver.solve(y);
    const { code: network } = await solve(fista(problem, options), y, { stop: maxIterations(9) });
    expect(apart(await code.data(), await network.data())).toBeLessThan(ROUNDING);
    solver.dispose();
  });
});

test('a long signal, window by window', async () => {
  await useBackend('wasm');
  const drawn = draw({ positions: 50_000, density: 0.002, length: 20, atoms: 2 });
  const { problem, y } = onDevice(drawn);
  const solver = await codeSpaceFista(problem, { iterations: 10 });
  const windows: number[] = [];
  const { code } = await solver.solve(y, { onProgress: (done) => windows.push(done) });
  expect(windows.length).toBe(2);
  const { code: network } = await solve(fista(problem), y, { stop: maxIterations(10) });
  expect(apart(await code.data(), await network.data())).toBeLessThan(ROUNDING);
  tf.dispose([code, network]);
  solver.dispose();
});
