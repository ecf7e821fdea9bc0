import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { expect, test } from 'vitest';
import { elasticNet, l1 } from '../src/index.ts';

await useBackend('wasm');

const weights = [0.5, 0.25, 1];

test.each([
  ['l1', () => l1(weights)],
  ['l1, non-negative', () => l1(0.5, { nonNegative: true })],
  ['elasticNet', () => elasticNet(weights, 0.7)],
  ['elasticNet, non-negative', () => elasticNet(0.5, weights, { nonNegative: true })],
] as const)('%s: the shrinkage is the prox, entry by entry', async (_, make) => {
  const prior = make();
  const generator = random(4);
  const v = tf.tensor(
    Array.from({ length: 60 }, () => 2 * generator.normal()),
    [2, 10, 3],
  );
  for (const step of [0.3, 1, tf.scalar(2.5)]) {
    const before = tf.memory().numTensors;
    const { below, above, slope } = prior.shrinkage(step);
    const shrunk = tf.tidy(() => tf.mul(slope, tf.sub(v, tf.minimum(tf.maximum(v, tf.neg(below)), above))));
    const prox = prior.prox(v, step);
    // The same float32 operations in another order: a rounding or two of numbers below 8.
    const expected = await prox.data();
    (await shrunk.data()).forEach((value, index) => {
      expect(Math.abs(value - expected[index]!)).toBeLessThan(1e-6);
    });
    tf.dispose([below, above, slope, shrunk, prox]);
    expect(tf.memory().numTensors).toBe(before);
    expect(() => prior.shrinkage(-1)).toThrow(/step/);
  }
});
