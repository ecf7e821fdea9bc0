import * as tf from '@tensorflow/tfjs-core';
import { type Operator, type Prior, random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d, conv2d, dense } from '@unrolled/operators';
import { l1, ridge } from '@unrolled/prox';
import { ista, maxIterations, solve } from '@unrolled/solvers';
import { assertConforms, networkLaws } from '@unrolled/testkit';
import { adam, type Stage, train } from '@unrolled/unroll';
import { describe, expect, test } from 'vitest';
import {
  alternatingMinimisation,
  decayByLayer,
  hardThreshold,
  jacobianNorms,
  layerCodes,
  leastSquaresGradient,
  nearAtoms,
  noodl,
  type Pudle,
  pudle,
  shrinkingDecay,
  supportSelection,
} from '../src/index.ts';
import { makeWorld, relative, watchTensors } from './world.ts';

watchTensors();

const world = makeWorld({ seed: 5, features: 20, atoms: 30, examples: 40, active: 2 });
const atomsOf = () => tf.tensor2d(world.matrix, [world.features, world.atoms]);
const signalsOf = () => tf.tensor2d(world.signals, [world.examples, world.features]);

describe('a network of pudle', () => {
  const normals = (...shape: number[]) => {
    const draw = random(7);
    return tf.tensor(
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => draw.normal()),
      shape,
    );
  };
  test.each([
    ['dense', () => dense(normals(6, 8) as tf.Tensor2D), [2, 6]],
    ['over time, two channels', () => conv1d(normals(4, 2, 3) as tf.Tensor3D), [2, 12, 2]],
    ['of images, stride 2', () => conv2d(normals(3, 3, 1, 2) as tf.Tensor4D, { stride: 2 }), [1, 7, 7, 1]],
  ])('obeys the laws of networks: %s', async (_, operator, signalShape) => {
    await assertConforms(networkLaws, async () => {
      const [lent, prior] = [operator(), l1(0.1)];
      const network = await pudle<Operator, Prior>({ operator: lent, prior, layers: 3 });
      tf.dispose([lent.parameters, prior.parameters]);
      return { network, signalShape };
    });
  });

  test('untrained it is ISTA, bit for bit, its atoms of unit norm', async () => {
    const [atoms, y, prior] = [atomsOf(), signalsOf(), l1(0.2)];
    const network = await pudle({ operator: dense(atoms), prior, layers: 9, step: 0.2 });
    const expected = await solve(
      ista({ operator: network.problem().operator, prior, likelihood: gaussian() }, { step: 0.2 }),
      y,
      {
        stop: maxIterations(9),
      },
    );
    const code = network.encode(y);
    expect(await code.data()).toEqual(await expected.code.data());
    tf.dispose([atoms, y, prior.parameters, code, expected.code]);
    network.dispose();
  });

  test('hard thresholding at b = 0, and the lasso at λ = 0, are gradient descent', async () => {
    const [atoms, y] = [atomsOf(), signalsOf()];
    const [zero, lasso, none] = [hardThreshold({ threshold: 0, step: 0.1 }), l1(0), ridge(0)];
    const codes = await Promise.all(
      [zero, lasso, none].map(async (prior) => {
        const network = await pudle({ operator: dense(atoms), prior, layers: 5, step: 0.1 });
        const code = network.encode(y);
        const values = await code.data();
        code.dispose();
        network.dispose();
        return values;
      }),
    );
    // The same sums, by other kernels.
    expect(relative(codes[0]!, codes[2]!)).toBeLessThan(1e-6);
    expect(relative(codes[1]!, codes[2]!)).toBeLessThan(1e-6);
    tf.dispose([atoms, y, zero.parameters, lasso.parameters, none.parameters]);
  });

  test('a hard threshold keeps what is above it as it is', async () => {
    const prior = hardThreshold({ threshold: 0.5, step: 0.2 });
    const v = tf.tensor2d([[0.49, -0.51, 2]]);
    const kept = prior.prox(v, 0.2);
    expect(Array.from(await kept.data())).toEqual([0, Math.fround(-0.51), 2]);
    tf.dispose([v, kept, prior.parameters]);
  });

  test('the weight decays by layer', async () => {
    const [atoms, y, prior] = [atomsOf(), signalsOf(), l1(0.4)];
    const weights: number[] = [];
    const watched = {
      ...prior,
      prox: (v: tf.Tensor, step: number | tf.Tensor) => {
        weights.push((step as tf.Tensor).dataSync()[0]!);
        return prior.prox(v, step);
      },
    };
    delete (watched as { shrinkage?: unknown }).shrinkage;
    const network = await pudle({
      operator: dense(atoms),
      // What a layer is given is c_t α.
      prior: { ...watched, with: () => watched },
      layers: 4,
      step: 0.5,
      decay: decayByLayer(0.5),
    });
    network.encode(y).dispose();
    expect(weights).toEqual([0.5, 0.25, 0.125, 0.0625]);
    tf.dispose([atoms, y, prior.parameters]);
    network.dispose();
  });

  test('a shrinking decay follows its schedule, and goes on from a checkpoint', () => {
    const shrinking = shrinkingDecay({ every: 2, by: 0.1, least: 0.85 });
    const context = {} as Parameters<typeof shrinking.stage.update>[0];
    const factors = [1, 2, 3, 4, 5, 6].map(() => {
      shrinking.stage.update(context);
      return shrinking.factor();
    });
    expect(factors).toEqual([1, 0.9, 0.9, 0.85, 0.85, 0.85]);
    expect(shrinking.decay(3)).toBe(0.85 ** 2);
    const other = shrinkingDecay({ every: 2, by: 0.1 });
    other.stage.memory!.load(shrinking.stage.memory!.save());
    expect(other.factor()).toBeCloseTo(0.7, 12);
  });
});

describe('measures', () => {
  test('supports settle, are those of the true codes, and never change afterwards', async () => {
    const [atoms, y, prior] = [atomsOf(), signalsOf(), l1(0.15)];
    const network = await pudle({ operator: dense(atoms), prior, layers: 60 });
    const codes = tf.tensor2d(world.codes, [world.examples, world.atoms]);
    const { layers, settledAt } = await supportSelection(network as unknown as Pudle, y, { codes });
    expect(layers).toHaveLength(60);
    expect(layers.at(-1)!.settled).toBe(1);
    // Two active atoms in twenty dimensions are found nearly always.
    expect(layers.at(-1)!.correct).toBeGreaterThan(0.6);
    for (const { layer, settled } of layers) {
      const already = settledAt.filter((at) => at <= layer).length / world.examples;
      expect(settled).toBeGreaterThanOrEqual(already);
    }
    const seen: number[] = [];
    for await (const { layer, code } of layerCodes(network as unknown as Pudle, y)) {
      seen.push(layer);
      if (layer === 60) {
        const whole = network.encode(y);
        expect(await code.data()).toEqual(await whole.data());
        whole.dispose();
      }
    }
    expect(seen).toHaveLength(60);
    tf.dispose([atoms, y, codes, prior.parameters]);
    network.dispose();
  });

  test('the Jacobian’s norm of one layer is the closed form, and one probe is not many', async () => {
    const atoms = tf.tensor2d(world.matrix, [world.features, world.atoms]);
    const [y, prior] = [signalsOf(), l1(0.15)];
    const network = await pudle({ operator: dense(atoms), prior, layers: 3, step: 0.1 });
    const [norm] = await jacobianNorms(network as unknown as Pudle, y, {
      random: random(0),
      layers: [1],
      probes: 60,
    });
    // z_1 = S(α Dᵀx): row j of its Jacobian is α x on atom j where z_1j ≠ 0, so ‖J‖² = α² ‖x‖² · |support|.
    let squares = 0;
    for (let example = 0; example < world.examples; example++) {
      const x = Array.from(world.signals.subarray(example * world.features, (example + 1) * world.features));
      const energy = x.reduce((sum, value) => sum + value * value, 0);
      for (let j = 0; j < world.atoms; j++) {
        const inner = x.reduce((sum, value, i) => sum + value * world.matrix[i * world.atoms + j]!, 0);
        if (Math.abs(inner) > 0.15) squares += 0.01 * energy;
      }
    }
    // 60 probes of 40 signals: √(2/2400) = 3 % in the square.
    expect(norm! / Math.sqrt(squares / world.examples)).toBeGreaterThan(0.94);
    expect(norm! / Math.sqrt(squares / world.examples)).toBeLessThan(1.06);
    tf.dispose([atoms, y, prior.parameters]);
    network.dispose();
  });
});

describe('training', () => {
  const error = async (values: ArrayLike<number>) => relative(values, world.matrix);

  test('the dictionary is found back by g_ae-ls, and by the step of NOODL', async () => {
    // Less atoms than features: a threshold of 0.75 on |Dᵀx| separates 1 to 2 from what two other atoms make.
    const big = makeWorld({ seed: 6, features: 40, atoms: 20, examples: 400, active: 2 });
    const truth = tf.tensor2d(big.matrix, [40, 20]);
    const start = nearAtoms(truth, { deviation: 0.03, random: random(2) });
    const prior = hardThreshold({ threshold: 0.15, step: 0.2 });
    const from = relative(await start.data(), big.matrix);
    const after = async (stage: Stage) => {
      const network = await pudle({ operator: dense(start), prior, layers: 30, step: 0.2 });
      const y = { data: big.signals, shape: [400, 40] };
      for await (const _ of train(network, y, { stages: [stage], epochs: 10, batchSize: 50, seed: 1 }));
      const found = relative(await network.variables['operator.atoms']!.data(), big.matrix);
      network.dispose();
      return found / from;
    };
    const optimizer = adam({ rate: (step) => 5e-3 * 0.97 ** step });
    // Codes without bias leave nothing to stall on: 0.02 and 0.05 of where it began, seen after 80 updates.
    const descent = await after({
      name: 'atoms',
      train: ['operator.atoms'],
      loss: leastSquaresGradient(),
      optimizer,
    });
    const noodled = await after(noodl({ rate: 2 }));
    expect(descent).toBeLessThan(0.1);
    expect(noodled).toBeLessThan(0.1);
    tf.dispose([truth, start, prior.parameters]);
  });

  test('alternating minimisation descends', async () => {
    const [atoms, prior] = [atomsOf(), l1(0.1)];
    const start = nearAtoms(atoms, { deviation: 0.05, random: random(2) });
    const { network, stage } = await alternatingMinimisation({
      operator: dense(start),
      prior,
      iterations: 100,
      optimizer: adam({ rate: 3e-3 }),
    });
    const before = await error(await network.variables['operator.atoms']!.data());
    const y = { data: world.signals, shape: [world.examples, world.features] };
    for await (const _ of train(network, y, { stages: [stage], epochs: 10, batchSize: 20 }));
    expect(await error(await network.variables['operator.atoms']!.data())).toBeLessThan(before);
    tf.dispose([atoms, start, prior.parameters]);
    network.dispose();
  });
});
