import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { describe, expect, test } from 'vitest';
import { bicgstab } from '../src/gradients/bicgstab.ts';

await useBackend('wasm');

/** I − P Q, by rows, of this spectral size: neither symmetric nor positive. */
function system(size: number, contraction: number, seed: number) {
  const draw = random(seed);
  const values = Float32Array.from(
    { length: size * size },
    () => (contraction * draw.normal()) / Math.sqrt(size),
  );
  for (let i = 0; i < size; i++) values[i * size + i]! = 1 - values[i * size + i]!;
  const x = Float64Array.from({ length: size }, () => draw.normal());
  const b = Float32Array.from(x, (_, i) =>
    x.reduce((sum, value, j) => sum + values[i * size + j]! * value, 0),
  );
  const matrix = tf.tensor2d(values, [size, size]);
  const apply = (v: tf.Tensor) => tf.reshape(tf.matMul(matrix, tf.reshape(v, [size, 1])), [size]);
  return { apply, b: tf.tensor1d(b), x };
}

describe('bicgstab', () => {
  test.each([
    [1, 0.5],
    [5, 0.9],
    [60, 0.3],
    [60, 0.8],
  ])('solves %i equations, contraction %d, and leaves the solution alone', (size, contraction) => {
    const { apply, b, x } = system(size, contraction, size);
    const before = tf.memory().numTensors;
    const solution = bicgstab(apply, b, { tolerance: 1e-5, iterations: 200 });
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(solution.residual).toBeLessThanOrEqual(1e-5);
    const found = solution.x.dataSync();
    const error = Math.hypot(...x.map((value, i) => value - found[i]!)) / Math.hypot(...x);
    // The residual times the condition number, at most a few hundred for these.
    expect(error).toBeLessThan(3e-3);
    // The residual is that of x, not of the recursion.
    const left = tf.norm(tf.sub(b, apply(solution.x))).dataSync()[0]! / tf.norm(b).dataSync()[0]!;
    expect(Math.abs(left - solution.residual)).toBeLessThan(1e-6);
  });

  test('solves a triangular system, where the residual is soon orthogonal to its shadow', () => {
    const matrix = tf.tensor2d([1, 0, 0, -0.9, 1, 0, 0, -0.9, 1], [3, 3]);
    const apply = (v: tf.Tensor) => tf.reshape(tf.matMul(matrix, tf.reshape(v, [3, 1])), [3]);
    const { x } = bicgstab(apply, tf.tensor1d([1, 0, 0]), { tolerance: 1e-6, iterations: 50 });
    expect(Array.from(x.dataSync(), (value) => Math.round(value * 1e4) / 1e4)).toEqual([1, 0.9, 0.81]);
  });

  test('says how far it got where there is no solution, and gives zero for zero', () => {
    const rotation = (v: tf.Tensor) => tf.mul(v, tf.tensor1d([1, 0]));
    const stuck = bicgstab(rotation, tf.tensor1d([1, 1]), { tolerance: 1e-6, iterations: 20 });
    expect(stuck.residual).toBeGreaterThan(0.5);
    expect(Number.isFinite(stuck.residual)).toBe(true);
    const zero = bicgstab(rotation, tf.zeros([2]), { tolerance: 1e-6, iterations: 20 });
    expect([zero.residual, ...zero.x.dataSync()]).toEqual([0, 0, 0]);
  });
});
