import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  analysis1d,
  collectScope,
  customGradient,
  defineKernel,
  filterGradient1d,
  matMul,
  synthesis1d,
  useBackend,
  valueAndGradients,
  vectorJacobianProduct,
  withoutGradient,
} from '../src/index.ts';

beforeAll(async () => {
  await useBackend('wasm');
});
describe('draft', () => {
  it('runs', () => {
    const y = tf.reshape(tf.range(0, 2 * 23 * 2), [2, 23, 2]);
    const h = tf.reshape(tf.range(0, 5 * 2 * 3), [5, 2, 3]);
    for (const s of [1, 2, 3, 5]) {
      const x = analysis1d(y, h, s);
      const z = synthesis1d(x, h, s);
      const a = tf.sum(tf.mul(x, x)).dataSync()[0]!;
      const b = tf.sum(tf.mul(z, tf.slice(y, [0, 0, 0], z.shape as [number, number, number]))).dataSync()[0]!;
      const g = filterGradient1d(y, x, s, 5);
      const c = tf.sum(tf.mul(g, h)).dataSync()[0]!;
      console.log(s, x.shape, z.shape, g.shape, a, b, c);
    }
    const before = tf.memory().numTensors;
    const { value, gradients } = valueAndGradients(() => tf.sum(tf.square(analysis1d(y, h, 2))), [y, h]);
    console.log(gradients.map((g) => g!.shape));
    tf.dispose([value, ...(gradients as tf.Tensor[])]);
    expect(tf.memory().numTensors).toBe(before);
    expect(() =>
      valueAndGradients(() => {
        tf.square(analysis1d(y, h, 2));
        throw new Error('no');
      }, [y]),
    ).toThrow('no');
    expect(tf.memory().numTensors).toBe(before);
  });
});
