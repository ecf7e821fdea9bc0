import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';

/** Makes wasm ready, and fails a test that leaves a tensor behind. */
export function watchTensors(): void {
  beforeAll(() => useBackend('wasm'));
  let before = 0;
  beforeEach(() => {
    before = tf.memory().numTensors;
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(before));
}

/** Sparse codes on a random dictionary of unit atoms, and their signals without noise. */
export function makeWorld(options: {
  readonly seed: number;
  readonly features: number;
  readonly atoms: number;
  readonly examples: number;
  readonly active: number;
}) {
  const { seed, features, atoms, examples, active } = options;
  const draw = random(seed);
  const matrix = Float32Array.from({ length: features * atoms }, () => draw.normal());
  for (let j = 0; j < atoms; j++) {
    const norm = Math.hypot(...Array.from({ length: features }, (_, i) => matrix[i * atoms + j]!));
    for (let i = 0; i < features; i++) matrix[i * atoms + j]! /= norm;
  }
  const codes = new Float32Array(examples * atoms);
  for (let example = 0; example < examples; example++)
    for (const j of draw.permutation(atoms).slice(0, active))
      codes[example * atoms + j] = draw.uniform(1, 2) * (draw.uniform() < 0.5 ? -1 : 1);
  const signals = new Float32Array(examples * features);
  for (let example = 0; example < examples; example++)
    for (let i = 0; i < features; i++)
      for (let j = 0; j < atoms; j++)
        signals[example * features + i]! += matrix[i * atoms + j]! * codes[example * atoms + j]!;
  return { matrix, codes, signals, features, atoms, examples };
}

/** ‖found − expected‖ / ‖expected‖ */
export const relative = (found: ArrayLike<number>, expected: ArrayLike<number>): number =>
  Math.hypot(...Array.from(expected, (value, index) => value - found[index]!)) /
  Math.hypot(...Array.from(expected));
