import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { useBackend } from './support/backends.ts';

// The bundle of tfjs-core's gradients: registered with the one engine, by functional ops alone.

beforeAll(async () => {
  await useBackend('cpu');
});

const gradient = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): number[] => [
  ...tf.tidy(() => tf.grad((a) => tf.sum(f(a)))(x)).dataSync(),
];

it('registers the gradients of every op', () => {
  for (const name of [tf.Add, tf.Conv2D, tf.MaxPool, tf.GatherV2, tf.Softmax, tf.Transpose, tf.BatchMatMul]) {
    expect(tf.getGradient(name)).toBeDefined();
  }
  expect(gradient((x) => tf.sigmoid(x), tf.scalar(0))).toEqual([0.25]);
});

it('needs no chained method, which importing tfjs-core alone does not give', () => {
  expect('reshape' in tf.Tensor.prototype && 'reshape' in tf.scalar(1)).toBe(false);
  // The gradients that tfjs-core writes with chained methods: gather by batches, and products.
  const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  const indices = tf.tensor2d([1, 1, 0, 1], [2, 2], 'int32');
  expect(gradient((a) => tf.square(tf.gather(a, indices, 1, 1)), x)).toEqual([0, 8, 6, 8]);
  expect(gradient((a) => tf.prod(a, 1), x)).toEqual([2, 1, 4, 3]);
});

it('keeps the licence of what it bundles', () => {
  const bundle = readFileSync(new URL('../generated/gradients.js', import.meta.url), 'utf8');
  expect(bundle.slice(0, 400)).toMatch(/@license[\s\S]*Google[\s\S]*Apache License, Version 2\.0/);
  // The same bundle wherever it is made: no path of the machine that made it.
  expect(bundle).not.toMatch(/node_modules|\/dist\//);
  // A copied engine would be a second one.
  expect(bundle).not.toMatch(/class (Engine|EngineState|Environment|Tensor)\b/);
});
