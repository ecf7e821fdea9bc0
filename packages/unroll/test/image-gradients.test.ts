import * as tf from '@tensorflow/tfjs-core';
import { useBackend, valueAndGradients } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv2d } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista } from '@unrolled/solvers';
import { beforeAll, expect, test } from 'vitest';
import { reconstruction, unroll } from '../src/index.ts';
import { relative } from './dense-autoencoder.ts';
import { referenceAutoencoder } from './reference/fista.ts';

beforeAll(() => useBackend('wasm'));

const [weight, step, layers] = [0.05, 0.06, 12];

/** Every entry of a code beside every sample of its image that it reaches, and the tap of the filters that is between them. */
function taps(filter: readonly number[], stride: readonly number[], positions: readonly number[]) {
  const [h, w, channels, atoms] = filter as [number, number, number, number];
  const [rows, columns] = positions as [number, number];
  const width = (columns - 1) * stride[1]! + w;
  const found: { readonly sample: number; readonly entry: number; readonly tap: number }[] = [];
  for (let p = 0; p < rows; p++)
    for (let q = 0; q < columns; q++)
      for (let tap = 0; tap < h * w * channels * atoms; tap++) {
        const atom = tap % atoms;
        const channel = Math.floor(tap / atoms) % channels;
        const pixel = Math.floor(tap / (atoms * channels));
        const [k, l] = [Math.floor(pixel / w), pixel % w];
        const sample = ((p * stride[0]! + k) * width + q * stride[1]! + l) * channels + channel;
        found.push({ sample, entry: (p * columns + q) * atoms + atom, tap });
      }
  return { height: (rows - 1) * stride[0]! + h, width, channels, atoms, taps: found };
}

test.each([
  { filter: [3, 4, 2, 3], stride: [2, 2], positions: [3, 4] },
  { filter: [4, 3, 1, 4], stride: [1, 3], positions: [4, 3] },
  { filter: [2, 3, 2, 2], stride: [3, 2], positions: [3, 3] },
] as const)(
  'full gradients in two dimensions are the float64 recursion of the papers (O-5): %j',
  async (sizes) => {
    const { filter, stride, positions } = sizes;
    const map = taps(filter, stride, positions);
    const draw = random(8);
    const filters = Float32Array.from({ length: tf.util.sizeFromShape([...filter]) }, () =>
      draw.normal(0, 0.5),
    );
    const y = Float32Array.from({ length: map.height * map.width * map.channels }, () => draw.normal());

    // A strided convolution is a matrix of which many entries are one tap; so its gradient is the sum over them.
    const codeSize = positions[0] * positions[1] * map.atoms;
    const matrix = new Float64Array(y.length * codeSize);
    for (const { sample, entry, tap } of map.taps) matrix[sample * codeSize + entry] = filters[tap]!;
    const options = { weight, step, layers, momentum: true };
    const expected = referenceAutoencoder(Float64Array.from(y), matrix, codeSize, options);
    const gradient = new Float64Array(filters.length);
    for (const { sample, entry, tap } of map.taps)
      gradient[tap]! += expected.operator[sample * codeSize + entry]!;

    const problem = {
      operator: conv2d(tf.tensor4d(filters, [...filter]), { stride }),
      prior: l1(weight),
      likelihood: gaussian(),
    };
    const network = await unroll(fista(problem, { step }), {
      layers,
      train: ['operator.filters', 'prior.weight'],
    });
    const signal = tf.tensor4d(y, [1, map.height, map.width, map.channels]);
    const { value, gradients } = valueAndGradients(
      () => reconstruction()(network, signal),
      network.trainable,
    );
    // Float32 against float64, a few hundred sums deep; no pre-activation of these instances is within rounding of its threshold.
    expect(Math.abs((await value.data())[0]! / expected.loss - 1)).toBeLessThan(1e-5);
    expect(relative(await gradients[0]!.data(), gradient)).toBeLessThan(2e-5);
    expect(Math.abs((await gradients[1]!.data())[0]! / expected.weight - 1)).toBeLessThan(2e-5);
    tf.dispose([value, gradients[0]!, gradients[1]!]);
    network.dispose();
  },
);
