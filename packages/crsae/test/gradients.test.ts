import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradients } from '@unrolled/backend';
import { reconstruction } from '@unrolled/unroll';
import { describe, expect, it } from 'vitest';
import { watchTensors } from '../../backend/test/support/watch-tensors.ts';
import { crsae } from '../src/index.ts';
import { referenceAutoencoder } from './reference/convolutional-autoencoder.ts';
import { normals, relative } from './tensors.ts';

watchTensors();

const sizes = { length: 6, channels: 2, atoms: 3, time: 36 };
const { length, channels, atoms, time } = sizes;

describe('gradients against the float64 recursion (O-5), convolutions of several channels', () => {
  it.each([
    { layers: 15, nonNegative: true, stride: 1, seed: 5 },
    { layers: 15, nonNegative: false, stride: 1, seed: 5 },
    { layers: 60, nonNegative: true, stride: 1, seed: 5 },
    { layers: 15, nonNegative: true, stride: 2, seed: 5 },
    { layers: 1, nonNegative: false, stride: 3, seed: 5 },
  ])(
    '$layers layers, one-sided: $nonNegative, stride $stride',
    async ({ layers, nonNegative, stride, seed }) => {
      const filters = tf.tensor3d(normals(seed, length, channels, atoms), [length, channels, atoms]);
      const network = await crsae({ filters, weight: [0.3, 0.5, 0.4], layers, nonNegative, stride });
      filters.dispose();
      const values = normals(seed + 1, time, channels).map((value) => 2 * value);
      const y = tf.tensor3d(values, [1, time, channels]);
      const { value, gradients } = valueAndGradients(
        () => reconstruction()(network, y),
        [network.variables['operator.filters']!, network.variables['prior.weight']!],
      );
      const read = (name: 'operator.filters' | 'prior.weight' | 'step') =>
        network.variables[name]!.dataSync();
      const expected = referenceAutoencoder(Float64Array.from(values), read('operator.filters').slice(), {
        ...sizes,
        stride,
        layers,
        nonNegative,
        weights: Array.from(read('prior.weight')),
        step: read('step')[0]!,
      });
      // Float32 against float64: 6e-8 a rounding, some hundred operations deep. Were a pre-activation nearer to its threshold
      // than rounding, a ReLU could flip and the gradients would differ by a whole term.
      expect(expected.closest).toBeGreaterThan(2e-6);
      expect(Math.abs(value.dataSync()[0]! / expected.loss - 1)).toBeLessThan(1e-5);
      expect(relative(gradients[0]!.dataSync(), expected.filters)).toBeLessThan(1e-4);
      expect(relative(gradients[1]!.dataSync(), expected.weights)).toBeLessThan(1e-4);
      tf.dispose([y, value, ...gradients.flatMap((gradient) => gradient ?? [])]);
      network.dispose();
    },
  );

  it('has a recursion that agrees with finite differences', () => {
    const filters = Float64Array.from(normals(5, length, channels, atoms), (value) => value / 3);
    const y = Float64Array.from(normals(6, time, channels));
    const options = {
      ...sizes,
      stride: 1,
      layers: 15,
      nonNegative: true,
      step: 0.2,
      weights: [0.3, 0.5, 0.4],
    };
    const { filters: gradient } = referenceAutoencoder(y, filters, options);
    const h = 1e-6;
    const differences = filters.map((_, index) => {
      const at = (by: number) =>
        referenceAutoencoder(
          y,
          filters.map((value, i) => (i === index ? value + by : value)),
          options,
        ).loss;
      return (at(h) - at(-h)) / (2 * h);
    });
    // Rounding 1e-16·ℓ/h = 1e-9, truncation h² = 1e-12.
    expect(relative(differences, gradient)).toBeLessThan(1e-7);
  });
});
