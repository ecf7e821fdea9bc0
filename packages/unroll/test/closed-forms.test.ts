import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lasso } from '../src/index.ts';
import { denseInstance, deviceGradients, relative } from './dense-autoencoder.ts';
import { decoderLimit, fullLimit, truncatedLimit } from './reference/closed-forms.ts';
import { referenceAutoencoder } from './reference/fista.ts';

beforeAll(() => useBackend('wasm'));

let before = 0;
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(before));

const instance = denseInstance();
const { code } = referenceAutoencoder(instance.y, instance.matrix, instance.atoms, {
  weight: instance.weight,
  step: instance.step,
  layers: 4000,
  momentum: false,
});

// At 300 layers ISTA is at its fixed point to float32: ρ(M) = 0.927 here, and 0.927^300 < 1e-9. The residual r, in which the
// gradient is linear, is a difference of numbers ten times its size: 1e-6 of it. A solve with D_SᵀD_S multiplies that by its
// condition number, of order 10.
const tolerance = 2e-5;

describe('the limits of the gradients at the lasso solution (O-12, O-24)', () => {
  it('are different things on this instance', () => {
    const [decoder, full] = [decoderLimit(instance, code), fullLimit(instance, code)];
    expect(relative(decoder, full)).toBeGreaterThan(0.3);
    expect(relative(truncatedLimit(instance, code, 5), full)).toBeGreaterThan(0.01);
  });

  it('the last k layers give the k-term Neumann sum (4.2), and the sum the implicit gradient (4.1)', () => {
    expect(relative(truncatedLimit(instance, code, 0), decoderLimit(instance, code))).toBe(0);
    expect(relative(truncatedLimit(instance, code, 2000), fullLimit(instance, code))).toBeLessThan(1e-12);
  });

  it.each([0, 1, 2, 5, 20, 60])('reconstruction, the last %i of 300 layers: (4.2)', async (last) => {
    const found = await deviceGradients(300, { last }, false);
    expect(relative(found.operator, truncatedLimit(instance, code, last))).toBeLessThan(tolerance);
  });

  it.each([true, false])('reconstruction, through all 300 layers, momentum %s: (4.1)', async (momentum) => {
    const found = await deviceGradients(300, 'full', momentum);
    expect(relative(found.operator, fullLimit(instance, code))).toBeLessThan(tolerance);
  });

  it('reconstruction, implicit: (4.1)', async () => {
    const found = await deviceGradients(300, { implicit: { tolerance: 1e-6 } }, false);
    expect(relative(found.operator, fullLimit(instance, code))).toBeLessThan(tolerance);
  });

  it('the lasso loss: −r ẑᵀ through any number of layers, by the envelope theorem', async () => {
    const limit = decoderLimit(instance, code);
    for (const gradient of ['full', { last: 5 }] as const) {
      const found = await deviceGradients(300, gradient, false, lasso);
      expect(relative(found.operator, limit)).toBeLessThan(tolerance);
    }
  });

  it('once the support has settled, the lasso loss is nearer to −r ẑᵀ than the code held constant', async () => {
    const limit = decoderLimit(instance, code);
    const distance = async (gradient: 'full' | { last: 0 }, layers: number) =>
      relative((await deviceGradients(layers, gradient, false, lasso)).operator, limit);
    const [decoder, through] = [await distance({ last: 0 }, 120), await distance('full', 120)];
    expect(through).toBeLessThan(0.1 * decoder);
  });
});
