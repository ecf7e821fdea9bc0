import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { beforeAll, describe, expect, test } from 'vitest';
import { codeSpaceFista, fista, maxIterations, nesterovMomentum, solve } from '../../src/index.ts';
import { draw, onDevice, referenceFista, violationOf } from './reference.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

describe('codeSpaceFista', () => {
  test.each([
    {},
    { nonNegative: false },
    { channels: 3, atoms: 5, stride: 2, length: 11 },
    { atoms: 1, length: 1 },
    { weight: 0.1, nonNegative: false },
    { positions: 20000, density: 0.003, length: 20, atoms: 2 },
  ])('gives what the network encodes: %o', async (sizes) => {
    const drawn = draw(sizes);
    const { problem, y, tensors } = onDevice(drawn);
    const before = tf.memory().numTensors;
    const solver = await codeSpaceFista(problem, { iterations: 12 });
    const { code, violation } = await solver.solve(y);
    const values = await code.data();
    const { code: network } = await solve(fista(problem), y, { stop: maxIterations(12) });
    const expected = await network.data();
    const worst = values.reduce((most, value, entry) => Math.max(most, Math.abs(value - expected[entry]!)), 0);
    console.log(worst, violation, violationOf(drawn, values));
    // Numbers of some 2 after 12 iterations, each with a few float32 roundings.
    expect(worst).toBeLessThan(1e-5);
    expect(violation).toBeCloseTo(violationOf(drawn, values), 4);
    if (drawn.positions < 1000) {
      const step = Math.fround(1 / (await problem.operator.lipschitz()));
      const reference = referenceFista(drawn, step, 12, nesterovMomentum);
      const error = values.reduce((most, value, entry) => Math.max(most, Math.abs(value - reference[entry]!)), 0);
      expect(error).toBeLessThan(1e-5);
    }
    tf.dispose([code, network]);
    solver.dispose();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(tensors);
  });
});
