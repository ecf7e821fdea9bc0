import * as tf from '@tensorflow/tfjs-core';
import { isUnrolledError } from '@unrolled/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  analysis1d,
  type BackendName,
  filterGradient1d,
  matMul,
  synthesis1d,
  useBackend,
} from '../src/index.ts';

// What is wrong is refused before any work, by an error that names the argument.

const t = (...shape: number[]) => tf.zeros(shape);
const whole = (...shape: number[]) => tf.zeros(shape, 'int32');

let tensors = 0;
beforeAll(async () => {
  await useBackend('wasm');
  tf.engine().startScope();
  tensors = tf.memory().numTensors;
});
afterAll(() => {
  tf.engine().endScope();
  expect(tf.memory().numTensors).toBe(tensors);
});

function refusal(f: () => unknown): [string, string] {
  try {
    f();
  } catch (error) {
    if (isUnrolledError(error)) return [error.code, error.message];
    throw error;
  }
  throw new Error('it was not refused');
}

describe('refuses', () => {
  const cases: readonly [string, () => unknown, string, RegExp][] = [
    [
      'a flat signal',
      () => analysis1d(t(10, 1), t(3, 1, 2)),
      'INVALID_SHAPE',
      /^y: .*\[batch, time, channels\].*\[10,1\]/,
    ],
    ['whole numbers', () => analysis1d(whole(1, 10, 1), t(3, 1, 2)), 'INVALID_DTYPE', /^y: .*int32/],
    ['other channels', () => analysis1d(t(1, 10, 2), t(3, 1, 2)), 'INVALID_SHAPE', /^y: .*1 channels/],
    [
      'a signal shorter than a filter',
      () => analysis1d(t(1, 2, 1), t(3, 1, 2)),
      'INVALID_SHAPE',
      /^y: .*3 samples/,
    ],
    ['flat filters', () => analysis1d(t(1, 10, 1), t(3, 2)), 'INVALID_SHAPE', /^filters: /],
    ['stride 0', () => analysis1d(t(1, 10, 1), t(3, 1, 2), 0), 'INVALID_ARGUMENT', /^stride: /],
    ['stride 1.5', () => synthesis1d(t(1, 8, 2), t(3, 1, 2), 1.5), 'INVALID_ARGUMENT', /^stride: .*1\.5/],
    [
      'stride NaN',
      () => filterGradient1d(t(1, 8, 2), t(1, 3, 1), Number.NaN),
      'INVALID_ARGUMENT',
      /^stride: .*NaN/,
    ],
    ['other atoms', () => synthesis1d(t(1, 8, 3), t(3, 1, 2)), 'INVALID_SHAPE', /^x: .*2 atoms/],
    [
      'an empty code',
      () => synthesis1d(t(1, 0, 2), t(3, 1, 2)),
      'INVALID_SHAPE',
      /^x: .*none of them 0, got \[1,0,2\]/,
    ],
    ['other batches', () => filterGradient1d(t(2, 8, 1), t(1, 4, 1)), 'INVALID_SHAPE', /^x: .*2 examples/],
    [
      'a code that does not fit',
      () => filterGradient1d(t(1, 8, 1), t(1, 9, 1)),
      'INVALID_SHAPE',
      /^x: .*8 positions/,
    ],
    [
      'too many lags',
      () => filterGradient1d(t(1, 8, 1), t(1, 4, 1), 1, 6),
      'INVALID_SHAPE',
      /^x: .*1 to 3 positions/,
    ],
    [
      'factors that do not fit',
      () => matMul(t(2, 3), t(2, 3)),
      'INVALID_SHAPE',
      /^a, b: .*\[2,3\] and \[2,3\]/,
    ],
    ['a vector', () => matMul(t(3), t(3, 2)), 'INVALID_SHAPE', /^a, b: /],
    ['whole factors', () => matMul(t(2, 3), whole(3, 2)), 'INVALID_DTYPE', /^b: /],
    [
      'a misspelt option',
      () => matMul(t(2, 3), t(3, 2), { transposeC: true } as object),
      'UNKNOWN_OPTION',
      /transposeC/,
    ],
  ];
  for (const [title, call, code, message] of cases) {
    it(title, () => {
      const [actualCode, actualMessage] = refusal(call);
      expect(actualCode).toBe(code);
      expect(actualMessage).toMatch(message);
    });
  }

  it('a backend that there is not', async () => {
    await expect(useBackend('cuda' as BackendName)).rejects.toThrow(
      /^name: expected one of auto, tensorflow, webgpu, wasm, cpu/,
    );
  });
});
