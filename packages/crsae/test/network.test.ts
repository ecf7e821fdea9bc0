import * as tf from '@tensorflow/tfjs-core';
import { fista, maxIterations, solve } from '@unrolled/solvers';
import { describe, expect, it } from 'vitest';
import { watchTensors } from '../../backend/test/support/watch-tensors.ts';
import { type CrsaeOptions, crsae, universalWeight } from '../src/index.ts';
import { normals, relative } from './tensors.ts';

watchTensors();

const [length, channels, atoms, time] = [7, 2, 3, 47];

/** A network of random filters, and the windows that it is tried on. */
async function make(options: Partial<Omit<CrsaeOptions, 'filters'>> & { filters?: Float32Array } = {}) {
  const { filters = normals(1, length, channels, atoms), ...rest } = options;
  const tensor = tf.tensor3d(filters, [length, channels, atoms]);
  const network = await crsae({ weight: 0.3, layers: 12, ...rest, filters: tensor });
  tensor.dispose();
  return network;
}

const windows = (values = normals(2, 2, time, channels)) => tf.tensor3d(values, [2, time, channels]);

/** The code of windows, on the host. */
async function codeOf(
  options: Parameters<typeof make>[0],
  values?: Float32Array,
): Promise<{ readonly at: (example: number, place: number, atom: number) => number; data: Float32Array }> {
  const network = await make(options);
  const y = windows(values);
  const code = network.encode(y);
  const data = Float32Array.from(await code.data());
  const [, places] = code.shape as [number, number];
  tf.dispose([y, code]);
  network.dispose();
  return { data, at: (example, place, atom) => data[(example * places + place) * atoms + atom]! };
}

describe('crsae', () => {
  it.each([
    [1, true],
    [25, true],
    [25, false],
  ])(
    'untrained is FISTA stopped after %i iterations, bit for bit (one-sided: %s)',
    async (layers, oneSided) => {
      const network = await make({ layers, nonNegative: oneSided });
      const y = windows();
      const code = network.encode(y);
      const solution = await solve(fista(network.problem()), y, { stop: maxIterations(layers) });
      expect(await code.data()).toEqual(await solution.code.data());
      expect((await code.data()).some((value) => value !== 0)).toBe(true);
      tf.dispose([y, code, solution.code]);
      network.dispose();
    },
  );

  it.each([true, false])('of one layer is prox(Hᵀy/L) exactly (one-sided: %s)', async (oneSided) => {
    const network = await make({ layers: 1, nonNegative: oneSided, weight: [0.1, 0.5, 2] });
    const y = windows();
    const code = network.encode(y);
    const expected = tf.tidy(() => {
      const { operator, prior } = network.problem();
      const step = network.variables['step']!;
      // + 0: a shrinkage has 0 where a prox may have −0.
      return tf.add(prior.prox(tf.mul(step, operator.adjoint(y)), step), 0);
    });
    expect(await code.data()).toEqual(await expected.data());
    tf.dispose([y, code, expected]);
    network.dispose();
  });

  it('has unit-norm filters, one weight an atom, and the step 1/L of its filters', async () => {
    const network = await make({ weight: 0.25 });
    expect(Array.from(await network.variables['prior.weight']!.data())).toEqual([0.25, 0.25, 0.25]);
    const norms = tf.tidy(() =>
      tf.norm(network.variables['operator.filters']!, 'euclidean', [0, 1]).dataSync(),
    );
    for (const norm of norms) expect(norm).toBeCloseTo(1, 6);
    const lipschitz = await network.problem().operator.lipschitz();
    expect(network.variables['step']!.dataSync()[0]).toBe(Math.fround(1 / lipschitz));
    network.dispose();
  });

  it('one-sided is two-sided where the codes are not negative', async () => {
    // Spikes of amplitude 1, far apart, and a weight that is larger than any cross-correlation of the filters: no
    // pre-activation falls below −b, in any layer.
    const filters = normals(1, length, channels, atoms);
    const norms = [0, 1, 2].map((atom) => Math.hypot(...filters.filter((_, i) => i % atoms === atom)));
    const values = new Float32Array(2 * time * channels);
    for (const [example, atom, place] of [
      [0, 0, 4],
      [0, 2, 30],
      [1, 1, 17],
    ] as const)
      for (let k = 0; k < length; k++)
        for (let c = 0; c < channels; c++)
          values[(example * time + place + k) * channels + c] =
            filters[(k * channels + c) * atoms + atom]! / norms[atom]!;
    const options = { filters, weight: 0.8 };
    const one = await codeOf({ ...options, nonNegative: true }, values);
    const two = await codeOf({ ...options, nonNegative: false }, values);
    expect(two.data.every((value) => value >= 0)).toBe(true);
    expect(two.data.filter((value) => value > 0)).toHaveLength(3);
    // x + 0 and 0 − x have no −0.
    expect(one.data).toEqual(two.data.map((value) => value + 0));
    // Upside down, the one-sided network sees nothing, and the two-sided one the same.
    const signed = values.map((value) => -value);
    expect((await codeOf({ ...options, nonNegative: true }, signed)).data.some((v) => v !== 0)).toBe(false);
    const below = await codeOf({ ...options, nonNegative: false }, signed);
    expect(below.data.map((value) => value + 0)).toEqual(two.data.map((value) => 0 - value));
  });
});

describe('equivariance (O-23)', () => {
  it.each([1, 2])(
    'a window that is shifted has a code that is shifted, away from its borders (stride %i)',
    async (stride) => {
      // What happens at the border reaches K − 1 samples further with every layer.
      const layers = 2;
      const places = 6;
      const shifted = new Float32Array(2 * time * channels);
      const values = normals(2, 2, time, channels);
      for (let example = 0; example < 2; example++)
        for (let n = places; n < time; n++)
          for (let c = 0; c < channels; c++)
            shifted[(example * time + n) * channels + c] =
              values[(example * time + n - places) * channels + c]!;
      const code = await codeOf({ layers, stride, nonNegative: false }, values);
      const later = await codeOf({ layers, stride, nonNegative: false }, shifted);
      let seen = 0;
      const by = places / stride;
      const positions = (time - length) / stride + 1;
      // Layer 2 sees the residual of layer 1, and that sees codes K − 1 samples around it: 2 (K − 1) = 12 samples, and the shift itself.
      const border = Math.ceil((2 * (length - 1) + places) / stride);
      for (let example = 0; example < 2; example++)
        for (let i = border; i < positions - border; i++)
          for (let atom = 0; atom < atoms; atom++) {
            const expected = code.at(example, i - by, atom);
            // The same sums, perhaps in another order: a few roundings of numbers of order 1.
            expect(Math.abs(later.at(example, i, atom) - expected)).toBeLessThan(2e-6);
            seen += Math.abs(expected);
          }
      expect(seen).toBeGreaterThan(0.1);
    },
  );

  it('filters in another order have codes in that order', async () => {
    const filters = normals(1, length, channels, atoms);
    const order = [2, 0, 1];
    const permuted = filters.map((_, index) => filters[index - (index % atoms) + order[index % atoms]!]!);
    const weight = [0.2, 0.3, 0.4];
    const code = await codeOf({ filters, weight });
    const other = await codeOf({ filters: permuted, weight: order.map((atom) => weight[atom]!) });
    const expected = code.data.map((_, index) => code.data[index - (index % atoms) + order[index % atoms]!]!);
    // Sums over atoms are in another order: 1e-7 an operation, twelve layers of a contraction.
    expect(relative(other.data, expected)).toBeLessThan(1e-5);
  });

  it('a filter upside down has a code upside down in the two-sided network', async () => {
    const filters = normals(1, length, channels, atoms);
    const flip = (values: Float32Array) => values.map((value, i) => (i % atoms === 1 ? -value : value));
    const code = await codeOf({ filters, nonNegative: false });
    const other = await codeOf({ filters: flip(filters), nonNegative: false });
    expect(relative(other.data, flip(code.data))).toBeLessThan(1e-7);
  });
});

describe('scaling (O-22)', () => {
  it('(y, σ, λ) → (a y, a σ, λ/a) gives x → a x', async () => {
    const [sigma, rate] = [0.4, 3];
    const values = normals(2, 2, time, channels);
    const weightOf = (deviation: number, lambda: number) => deviation ** 2 * lambda;
    const code = await codeOf({ weight: weightOf(sigma, rate) }, values);
    for (const a of [0.125, 3, 1000]) {
      const scaled = await codeOf(
        { weight: weightOf(a * sigma, rate / a) },
        values.map((value) => a * value),
      );
      // A power of two is exact; else every product is rounded anew, 6e-8 each, twelve layers deep.
      const distance = relative(
        scaled.data,
        code.data.map((value) => a * value),
      );
      expect(distance).toBeLessThan(a === 0.125 ? 1e-7 : 1e-5);
    }
  });

  it('is what the universal weight does', () => {
    const weight = (noiseDeviation: number) => universalWeight({ noiseDeviation, atoms: 3, codeLength: 41 });
    // weight = σ²λ is in units of the signal.
    expect(weight(8)).toBeCloseTo(8 * weight(1), 12);
  });
});
