import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { beforeAll, describe, expect, test } from 'vitest';
import { clipped, sgd, stepDecay } from '../src/index.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

test('stepDecay is StepLR in updates', () => {
  const rate = stepDecay(0.1, { every: 3, factor: 0.5 });
  expect([1, 2, 3, 4, 6, 7].map(rate)).toEqual([0.1, 0.1, 0.1, 0.05, 0.05, 0.025]);
  expect(() => stepDecay(0.1, { every: 0, factor: 0.5 })).toThrow('every');
  expect(() => stepDecay(0.1, { every: 1, factor: 0 })).toThrow('factor');
  expect(() => stepDecay(-1, { every: 1, factor: 0.5 })).toThrow('rate');
});

describe('clipped', () => {
  /** Where two variables are after one update of rate 1 from zero: minus the gradients that the optimiser saw. */
  const seen = async (norm: number, gradients: (number[] | null)[]) => {
    const variables = [tf.variable(tf.zeros([2])), tf.variable(tf.zeros([1]))];
    const run = clipped(sgd({ rate: 1 }), norm).begin(variables);
    const before = tf.memory().numTensors;
    const tensors = gradients.map((values) => values && tf.tensor1d(values));
    run.apply(tensors);
    tf.dispose(tensors.filter((tensor) => tensor !== null));
    expect(tf.memory().numTensors).toBe(before);
    expect(run.steps).toBe(1);
    const moved = variables.flatMap((variable) => Array.from(variable.dataSync(), (value) => -value || 0));
    run.dispose();
    tf.dispose(variables);
    return moved;
  };

  test('shortens all gradients together to the norm, and leaves short ones alone, to the bit', async () => {
    for (const [index, value] of (await seen(13, [[30, 40], [120]])).entries())
      expect(value).toBeCloseTo([3, 4, 12][index]!, 5);
    expect(await seen(13, [[0.25, 4], [12]])).toEqual([0.25, 4, 12]);
    expect(await seen(5, [[3, 4], null])).toEqual([3, 4, 0]);
  });

  test('a gradient whose square would overflow', async () => {
    const [first, second] = await seen(2, [[3e18, 4e18], [0]]);
    expect(first).toBeCloseTo(1.2, 5);
    expect(second).toBeCloseTo(1.6, 5);
  });

  test('keeps the moments and steps of what it wraps, and refuses what is no norm', () => {
    const variable = tf.variable(tf.zeros([2]));
    const run = clipped(sgd({ rate: 1, momentum: 0.5 }), 1).begin([variable]);
    expect(Object.keys(run.moments)).toEqual(['velocity/0']);
    run.resumeAt(7);
    expect(run.steps).toBe(7);
    run.reset();
    expect(run.steps).toBe(0);
    expect(() => clipped(sgd({ rate: 1 }), 0)).toThrow('norm');
    expect(() => clipped({} as ReturnType<typeof sgd>, 1)).toThrow('optimizer');
  });
});
