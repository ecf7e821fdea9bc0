import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { describe, expect, test } from 'vitest';
import { analysis, lsalsa } from '../src/index.ts';
import { distance, drawSources } from './world.ts';

await useBackend('wasm');

const draw = random(8);
const vector = (size: number) => Float64Array.from({ length: size }, () => draw.normal());

const sources = drawSources(2);
const [features, atoms] = [12, 17];
const mu = 1.5;
const make = () => lsalsa({ sources, penalty: mu, layers: 3 });

/** [A_1 A_2], row by row. */
const dictionary = await tf
  .concat(
    sources.map((source) => source.atoms),
    1,
  )
  .data();
const gram = Float64Array.from({ length: atoms * atoms }, (_, at) => {
  let sum = 0;
  for (let k = 0; k < features; k++)
    sum += dictionary[k * atoms + Math.floor(at / atoms)]! * dictionary[k * atoms + (at % atoms)]!;
  return sum;
});

describe('until it is trained', () => {
  test('the learned cost is the classical one: S⁻¹ − μI = AᵀA, no correction', async () => {
    const network = await make();
    const found = await analysis(network);
    // S in float32, times its condition of about 10.
    expect(distance(found.quadratic.data, gram)).toBeLessThan(1e-5);
    expect(found.change).toBeLessThan(1e-5);
    expect(found.asymmetry).toBe(0);
    expect(found.definite).toBe(true);
    expect(found.penalty).toBe(mu);
    const { learned, classical } = found.curvature;
    // More atoms than features: AᵀA has zeros among its eigenvalues.
    expect(classical.convexity).toBeCloseTo(mu, 6);
    expect(learned.convexity / classical.convexity).toBeCloseTo(1, 4);
    expect(learned.smoothness / classical.smoothness).toBeCloseTo(1, 4);
    expect(classical.smoothness).toBeCloseTo(mu + (await network.problem().operator.lipschitz()), 4);
    const state = { y: vector(features), x: vector(atoms), u: vector(atoms), d: vector(atoms) };
    const gradients = found.gradients(state);
    expect(distance(gradients.learned, gradients.classical)).toBeLessThan(1e-5);
    network.dispose();
  });
});

describe('with any positive definite S and any W_e', () => {
  const learned = async () => {
    const network = await make();
    tf.tidy(() => {
      const root = tf.tensor2d(
        Float32Array.from({ length: atoms * atoms }, () => 0.2 * draw.normal()),
        [atoms, atoms],
      );
      network.variables['splitting']!.assign(
        tf.add(tf.matMul(root, tf.transpose(root)), tf.mul(0.3, tf.eye(atoms))),
      );
      network.variables['analysis']!.assign(
        tf.tensor2d(
          Float32Array.from({ length: atoms * features }, () => draw.normal()),
          [atoms, features],
        ),
      );
    });
    return network;
  };

  test('the x-update is the minimum of the learned cost: its gradient vanishes there', async () => {
    const network = await learned();
    const found = await analysis(network);
    const s = await network.variables['splitting']!.data();
    const w = await network.variables['analysis']!.data();
    const [y, u, d] = [vector(features), vector(atoms), vector(atoms)];
    // x = S (W_e y + μ (u − d)), in float64 as the paper writes it.
    const q = Float64Array.from({ length: atoms }, (_, i) => {
      let sum = mu * (u[i]! - d[i]!);
      for (let k = 0; k < features; k++) sum += w[i * features + k]! * y[k]!;
      return sum;
    });
    const x = Float64Array.from({ length: atoms }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < atoms; j++) sum += s[i * atoms + j]! * q[j]!;
      return sum;
    });
    const { learned: gradient, classical } = found.gradients({ y, x, u, d });
    // The symmetric part of a float32 S, everything else float64.
    expect(Math.hypot(...gradient) / Math.hypot(...q)).toBeLessThan(1e-6);
    // And it is no minimum of the classical one.
    expect(Math.hypot(...classical) / Math.hypot(...q)).toBeGreaterThan(0.1);
    network.dispose();
  });

  test('the descent direction is the classical one and a correction: P x + (Aᵀ − W_e) y', async () => {
    const network = await learned();
    const found = await analysis(network);
    const w = await network.variables['analysis']!.data();
    const [y, x, u, d] = [vector(features), vector(atoms), vector(atoms), vector(atoms)];
    const gradients = found.gradients({ y, x, u, d });
    const expected = gradients.classical.map((value, i) => {
      let sum = value;
      for (let j = 0; j < atoms; j++) sum += found.correction.data[i * atoms + j]! * x[j]!;
      for (let k = 0; k < features; k++) sum += (dictionary[k * atoms + i]! - w[i * features + k]!) * y[k]!;
      return sum;
    });
    expect(distance(gradients.learned, expected)).toBeLessThan(1e-12);
    network.dispose();
  });

  test('and the curvature is that of S⁻¹: along any direction within its bounds', async () => {
    const network = await learned();
    const { curvature, quadratic, change, definite } = await analysis(network);
    expect(definite).toBe(true);
    expect(change).toBeGreaterThan(0.1);
    for (let trial = 0; trial < 20; trial++) {
      const v = vector(atoms);
      let value = 0;
      for (let i = 0; i < atoms; i++)
        for (let j = 0; j < atoms; j++) value += v[i]! * quadratic.data[i * atoms + j]! * v[j]!;
      const rayleigh = value / Math.hypot(...v) ** 2 + mu;
      expect(rayleigh).toBeGreaterThanOrEqual(curvature.learned.convexity * (1 - 1e-9));
      expect(rayleigh).toBeLessThanOrEqual(curvature.learned.smoothness * (1 + 1e-9));
    }
    network.dispose();
  });
});

test('an S that is not symmetric, or not positive definite, is said to be so', async () => {
  const network = await make();
  const splitting = network.variables['splitting']!;
  tf.tidy(() =>
    splitting.assign(tf.add(splitting, tf.linalg.bandPart(tf.fill([atoms, atoms], 0.01), 0, -1))),
  );
  expect((await analysis(network)).asymmetry).toBeGreaterThan(1e-3);
  tf.tidy(() => splitting.assign(tf.neg(tf.eye(atoms) as tf.Tensor)));
  const found = await analysis(network);
  expect(found.definite).toBe(false);
  expect(found.curvature.learned.convexity).toBeCloseTo(-1, 6);
  expect(() => found.gradients({ y: [1], x: vector(atoms), u: vector(atoms), d: vector(atoms) })).toThrow(
    'y: expected',
  );
  network.dispose();
});
