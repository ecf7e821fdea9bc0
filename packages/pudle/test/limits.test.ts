import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { expect, test } from 'vitest';
import {
  estimatedGradient,
  gradientDistances,
  gradientEstimators,
  gradientLimits,
  leastSquaresGradient,
  nearAtoms,
  pudle,
} from '../src/index.ts';
import { limits } from './reference/lasso.ts';
import { makeWorld, relative, watchTensors } from './world.ts';

watchTensors();

const weight = 0.2;
const world = makeWorld({ seed: 3, features: 20, atoms: 30, examples: 12, active: 2 });

/** A network at a dictionary that is not the true one, its signals, and the same in float64. */
async function setUp(layers: number) {
  const truth = tf.tensor2d(world.matrix, [world.features, world.atoms]);
  const atoms = nearAtoms(truth, { deviation: 0.02, random: random(1) });
  const prior = l1(weight);
  const network = await pudle({ operator: dense(atoms), prior, layers });
  const y = tf.tensor2d(world.signals, [world.examples, world.features]);
  const codes = tf.tensor2d(world.codes, [world.examples, world.atoms]);
  const matrix = Float64Array.from(await network.variables['operator.atoms']!.data());
  const rows = Array.from({ length: world.examples }, (_, index) =>
    Float64Array.from(world.signals.subarray(index * world.features, (index + 1) * world.features)),
  );
  const expected = limits({ matrix, features: world.features, atoms: world.atoms, weight }, rows);
  return {
    network,
    y,
    codes,
    expected,
    dispose: () => {
      network.dispose();
      tf.dispose([truth, atoms, y, codes, prior.parameters]);
    },
  };
}

// Float32: 1e-6 in the residuals, times the condition of D_SᵀD_S (below 10 here) and the cancellation in r = y − D ẑ (about 5).
const tolerance = 1e-4;

test('O-12, O-13: g_dec and g_ae-lasso have the limit ĝ, g_ae-ls the limit (4.1), and these are two', async () => {
  const { network, y, expected, dispose } = await setUp(600);
  expect(relative(expected.leastSquares, expected.lasso)).toBeGreaterThan(0.1);
  const found = async (name: keyof typeof gradientEstimators) => {
    const gradient = estimatedGradient(network, y, gradientEstimators[name]());
    const values = await gradient.data();
    gradient.dispose();
    return values;
  };
  expect(relative(await found('decoder'), expected.lasso)).toBeLessThan(tolerance);
  expect(relative(await found('lasso'), expected.lasso)).toBeLessThan(tolerance);
  expect(relative(await found('leastSquares'), expected.leastSquares)).toBeLessThan(tolerance);
  dispose();
});

test('O-12: the two forms of (4.1) agree, and with λ they fall on ĝ', () => {
  // Less atoms than features: a residual is left however small λ is, and with it ĝ.
  const features = 20;
  const { matrix, examples } = makeWorld({ seed: 4, features, atoms: 8, examples: 12, active: 2 });
  const draw = random(2);
  const signals = Array.from({ length: examples }, () =>
    Float64Array.from({ length: features }, () => draw.normal()),
  );
  const apart = [0.1, 0.01, 0.001].map((small) => {
    const lasso = { matrix: Float64Array.from(matrix), features, atoms: 8, weight: small };
    const found = limits(lasso, signals);
    expect(relative(found.otherForm, found.leastSquares)).toBeLessThan(1e-12);
    return relative(found.leastSquares, found.lasso);
  });
  // In proportion to λ, once all atoms are in the support.
  expect(apart[2]! / apart[1]!).toBeCloseTo(0.1, 2);
  expect(apart[2]!).toBeLessThan(0.01);
});

test('gradientLimits gives both limits and the code, whatever the network’s depth', async () => {
  const { network, y, expected, dispose } = await setUp(3);
  const found = await gradientLimits(network, y, { iterations: 800 });
  expect(relative(await found.lasso.data(), expected.lasso)).toBeLessThan(tolerance);
  expect(relative(await found.leastSquares.data(), expected.leastSquares)).toBeLessThan(tolerance);
  expect(
    relative(
      await found.code.data(),
      expected.codes.flatMap((code) => [...code]),
    ),
  ).toBeLessThan(tolerance);
  tf.dispose({ ...found });
  dispose();
});

test('distances fall geometrically, and g_ae-ls is nearest to the gradient at the true codes', async () => {
  const at: Awaited<ReturnType<typeof gradientDistances>>[] = [];
  for (const layers of [35, 50, 65]) {
    const { network, y, codes, dispose } = await setUp(layers);
    at.push(await gradientDistances(network, y, { codes, iterations: 800 }));
    dispose();
  }
  const last = at.at(-1)!.estimators;
  // A factor ρ^15 between them, about 1/4 here: ρ is the largest eigenvalue of (I − α DᵀD)_SS once supports have settled.
  for (const [index, { estimators, code }] of at.slice(1).entries()) {
    expect(estimators.decoder.lasso).toBeLessThan(at[index]!.estimators.decoder.lasso / 2.5);
    expect(code).toBeLessThan(at[index]!.code / 2.5);
  }
  // Of second order in z_T − ẑ, once supports have settled.
  expect(last.lasso.lasso).toBeLessThan(last.decoder.lasso);
  expect(last.leastSquares.leastSquares).toBeLessThan(0.1 * last.leastSquares.lasso);
  expect(last.leastSquares.truth!).toBeLessThan(0.5 * last.decoder.truth!);
  // What no number of layers removes.
  expect(last.decoder.truth! / at[2]!.bias!).toBeCloseTo(1, 2);
});

test('O-24: B = 0 is g_dec and B = T is the full gradient', async () => {
  const { network, y, dispose } = await setUp(12);
  const [none, decoder, all, full] = [
    leastSquaresGradient({ last: 0 }),
    gradientEstimators.decoder(),
    leastSquaresGradient({ last: 12 }),
    leastSquaresGradient(),
  ].map((loss) => estimatedGradient(network, y, loss));
  expect(await none!.data()).toEqual(await decoder!.data());
  expect(await all!.data()).toEqual(await full!.data());
  tf.dispose([none!, decoder!, all!, full!]);
  dispose();
});
