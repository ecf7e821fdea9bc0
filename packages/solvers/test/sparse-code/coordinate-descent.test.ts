import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { beforeAll, describe, expect, test } from 'vitest';
import { coordinateDescent } from '../../src/index.ts';
import { draw, onDevice, violationOf } from './reference.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

describe('coordinateDescent', () => {
  test.each([
    {},
    { nonNegative: false },
    { channels: 3, atoms: 5, stride: 2, length: 11 },
    { atoms: 1, length: 1 },
    { weight: 0.1, nonNegative: false, positions: 300 },
    { positions: 20000, density: 0.003 },
  ])('meets the tolerance, edges and seams included: %o', async (sizes) => {
    const drawn = draw(sizes);
    const { problem, y, tensors } = onDevice(drawn);
    const before = tf.memory().numTensors;
    const solver = await coordinateDescent(problem, { tolerance: 1e-4 });
    const { code, violation, updates } = await solver.solve(y);
    const values = await code.data();
    console.log(violation, violationOf(drawn, values), updates, values.filter((v) => v !== 0).length);
    expect(violationOf(drawn, values)).toBeLessThan(1.01e-4);
    code.dispose();
    solver.dispose();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(tensors);
  });
});
