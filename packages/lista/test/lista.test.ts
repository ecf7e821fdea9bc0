import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Network } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d, dense } from '@unrolled/operators';
import { elasticNet, l1 } from '@unrolled/prox';
import { ista, maxIterations, solve } from '@unrolled/solvers';
import { codeError, lasso, pairedMinibatches, sgd, train, unroll } from '@unrolled/unroll';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  analyticLista,
  analyticWeights,
  coupledLista,
  lista,
  recurrentIsta,
  stepLista,
  supportSelecting,
} from '../src/index.ts';
import { distance, makeWorld, optimalCodes } from './world.ts';

await useBackend('wasm');

const world = makeWorld();
const { problem, y } = world;
const targets = await optimalCodes(world);

/** Half the mean squared distance to the optimal codes. */
const errorOf = async (network: Network): Promise<number> => {
  const [error] = await tf.tidy(() => codeError()(network, { input: y, target: targets })).data();
  return error!;
};

/** Codes of so many steps of ISTA. */
const istaCodes = async (steps: number) =>
  (await solve(ista(problem), y, { stop: maxIterations(steps) })).code;

describe('untrained, a network is ISTA', () => {
  test.each([1, 2, 7])('lista of %i layers: a step more, the first shrinkage being one', async (layers) => {
    const network = await lista(problem, { layers });
    // S and W_e have the rounding of their entries, once a step; 2e-7 is what is seen.
    expect(await distance(network.encode(y), await istaCodes(layers + 1))).toBeLessThan(2e-6);
    network.dispose();
  });

  test('around a baseline: that of the signals without it', async () => {
    const plain = await lista(problem, { layers: 3 });
    const around = await lista({ ...problem, likelihood: gaussian({ baseline: 0.25 }) }, { layers: 3 });
    expect(await around.encode(tf.add(y, 0.25)).data()).toEqual(
      await plain.encode(tf.sub(tf.add(y, 0.25), 0.25)).data(),
    );
    plain.dispose();
    around.dispose();
  });

  test('coupled and step: bit for bit', async () => {
    const expected = await (await istaCodes(5)).data();
    for (const make of [coupledLista, stepLista]) {
      const network = await make(problem, { layers: 5 });
      expect(await network.encode(y).data()).toEqual(expected);
      network.dispose();
    }
  });

  test('of orthonormal atoms, one layer is exact', async () => {
    const operator = dense(
      tf.tensor2d([
        [0.6, -0.8],
        [0.8, 0.6],
      ]),
    );
    const network = await lista({ ...problem, operator }, { layers: 1 });
    const code = network.encode(tf.tensor2d([[1, 2]]));
    // soft(Aᵀ y, 0.2), Aᵀ y = (2.2, 0.4)
    expect(await distance(code, tf.tensor2d([[2, 0.2]]))).toBeLessThan(1e-6);
    network.dispose();
  });

  test('and nearer to the optimum the deeper it is', async () => {
    const errors: number[] = [];
    for (const layers of [1, 2, 4, 8]) {
      const network = await lista(problem, { layers });
      errors.push(await errorOf(network));
      network.dispose();
    }
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
  });
});

describe('training', () => {
  const variants = {
    lista: () => lista(problem, { layers: 3 }),
    'lista, a copy a layer': () => lista(problem, { layers: 3, share: 'each' }),
    coupled: () => coupledLista(problem, { layers: 3 }),
    'coupled, with support selection': () =>
      coupledLista(problem, { layers: 3, supportSelection: { perLayer: 0.05, most: 0.1 } }),
    analytic: () => analyticLista(problem, { layers: 3 }),
    step: () => stepLista(problem, { layers: 3 }),
  } as const;
  test.each(Object.entries(variants))('%s: comes nearer to the optimal codes', async (name, make) => {
    const network: Network = await make();
    const before = await errorOf(network);
    const names = [
      ...new Set(
        Object.entries(network.variables)
          .filter(([, v]) => v.trainable)
          .map(([n]) => n.split('/')[0]!),
      ),
    ];
    const stage = { name: 'codes', train: names, loss: codeError(), optimizer: sgd({ rate: 0.05 }) };
    const batches = pairedMinibatches(y, targets, 40);
    for await (const _ of train(network, batches, { stages: [stage], epochs: 60 }));
    // Three numbers can do little; matrices can do much.
    expect(await errorOf(network)).toBeLessThan(before * (name === 'step' ? 0.999 : 0.9));
    for (const [variable, value] of Object.entries(network.variables))
      if (variable.includes('weight')) expect((await value.data()).every((weight) => weight >= 0)).toBe(true);
    network.dispose();
  });

  test('step: learns without targets, on the lasso itself', async () => {
    const network: Network = await stepLista(problem, { layers: 4 });
    const losses: number[] = [];
    const stage = { name: 'lasso', train: ['step'], loss: lasso(), optimizer: sgd({ rate: 0.005 }) };
    for await (const event of train(network, y, { stages: [stage], epochs: 40, batchSize: 40 }))
      if (event.type === 'epoch') losses.push(event.losses['lasso']!);
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
    network.dispose();
  });
});

test('a trained S that is not symmetric multiplies from the left: x = S x', async () => {
  const operator = dense(
    tf.tensor2d([
      [1, 0],
      [0, 1],
    ]),
  );
  const network = await unroll(recurrentIsta({ operator, prior: l1(0), likelihood: gaussian() }), {
    layers: 1,
  });
  tf.tidy(() => {
    network.variables['analysis']!.assign(
      tf.tensor2d([
        [1, 1],
        [0, 1],
      ]),
    );
    network.variables['recurrence']!.assign(
      tf.tensor2d([
        [0, 1],
        [0, 0],
      ]),
    );
  });
  // W_e y = (5, 2), x_1 = W_e y + S W_e y = (7, 2).
  expect([...(await network.encode(tf.tensor2d([[3, 2]])).data())]).toEqual([7, 2]);
  network.dispose();
});

describe('analytic weights', () => {
  test('are one with their atom, and less coherent with the others than the atoms are', async () => {
    const weights = await analyticWeights(problem.operator);
    const coherence = (w: tf.Tensor) =>
      tf.tidy(() => tf.matMul(tf.transpose(w), problem.operator.parameters.atoms).arraySync() as number[][]);
    const [ours, atoms] = [coherence(weights), coherence(problem.operator.parameters.atoms)];
    const energy = (rows: number[][]) => rows.flat().reduce((sum, value) => sum + value ** 2, 0);
    for (const [j, row] of ours.entries()) expect(row[j]).toBeCloseTo(1, 5);
    expect(energy(ours)).toBeLessThan(energy(atoms));
    // Stationary: A Aᵀ w_j + μ w_j is along a_j.
    const mu = 1e-3 * (await problem.operator.lipschitz());
    const along = tf.tidy(() => {
      const a = problem.operator.parameters.atoms;
      const gradient = tf.add(tf.matMul(a, tf.matMul(tf.transpose(a), weights)), tf.mul(mu, weights));
      const scale = tf.sum(tf.mul(gradient, a), 0);
      return tf.max(tf.abs(tf.sub(gradient, tf.mul(scale, a)))).dataSync()[0]!;
    });
    // Float32 times the condition, 10³.
    expect(along).toBeLessThan(1e-3);
  });

  test('refuse an atom that is zero, and leave nothing behind', async () => {
    const operator = dense(
      tf.tensor2d([
        [1, 0],
        [2, 0],
      ]),
    );
    const before = tf.memory().numTensors;
    await expect(analyticWeights(operator)).rejects.toThrow(
      'operator: expected atoms that are not zero, got "a zero atom, 1"',
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('support selection', () => {
  test('leaves the largest entries of every example alone', async () => {
    const prior = supportSelecting(l1(1), tf.scalar(0.5));
    const code = prior.prox(
      tf.tensor2d([
        [3, -0.5, 2, -4],
        [0.1, 0.2, 5, 1.5],
      ]),
      1,
    );
    expect(Array.from(await code.data(), (value) => value + 0)).toEqual([3, 0, 1, -4, 0, 0, 5, 1.5]);
    const none = supportSelecting(l1(1), tf.scalar(0));
    expect(Array.from(await none.prox(tf.tensor2d([[3, -0.5]]), 1).data(), (value) => value + 0)).toEqual([
      2, 0,
    ]);
  });

  test('grows from layer to layer, and is saved with the network', async () => {
    const before = tf.memory().numTensors;
    const network = await coupledLista(problem, {
      layers: 3,
      supportSelection: { perLayer: 0.1, most: 0.25 },
    });
    const fractions = [1, 2, 3].map((layer) => network.variables[`prior.fraction/${layer}`]!.dataSync()[0]!);
    expect(fractions).toEqual([0.1, 0.2, 0.25].map(Math.fround));
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('refuses', () => {
  test.each([
    ['no layers', () => lista(problem, { layers: 0 }), 'layers'],
    ['an unknown option', () => lista(problem, { layer: 2 } as never), 'unknown option "layer"'],
    ['another sharing rule', () => lista(problem, { layers: 2, share: 'all' as 'one' }), 'share'],
    [
      'a zero dictionary',
      () => lista({ ...problem, operator: dense(tf.zeros([2, 2])) }, { layers: 2 }),
      'not zero',
    ],
    [
      'a convolution',
      () => lista({ ...problem, operator: conv1d(tf.ones([3, 1, 1])) } as never, { layers: 2 }),
      'a dense operator',
    ],
    [
      'another likelihood',
      () => lista({ ...problem, likelihood: { ...gaussian(), family: 'poisson' } } as never, { layers: 2 }),
      'the gaussian likelihood',
    ],
    [
      'a fraction of 0',
      () => coupledLista(problem, { layers: 2, supportSelection: { perLayer: 0, most: 1 } }),
      'supportSelection.perLayer: expected a fraction in (0, 1], got 0',
    ],
    [
      'a step for an unbounded curvature',
      () => stepLista({ ...problem, likelihood: { ...gaussian(), curvature: Infinity } }, { layers: 2 }),
      'a likelihood of bounded curvature',
    ],
  ])('%s, and leaves nothing behind', async (_, work, message) => {
    const before = tf.memory().numTensors;
    await expect((async () => work())()).rejects.toThrow(message);
    // The zero dictionary and the filters of the case itself.
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 1);
  });

  test('what is misspelt does not compile', () => {
    const refused = async () => {
      // @ts-expect-error a convolution has no matrix
      lista({ ...problem, operator: conv1d(tf.ones([3, 1, 2])) }, { layers: 2 });
      // @ts-expect-error no such option
      coupledLista(problem, { layers: 2, selection: { perLayer: 0.1, most: 1 } });
      const network = await lista({ ...problem, prior: elasticNet(0.1, 1) }, { layers: 2 });
      return network.parameters(1);
    };
    expectTypeOf<keyof Awaited<ReturnType<typeof refused>>>().toEqualTypeOf<
      'operator.atoms' | 'prior.weight' | 'prior.ridge' | 'analysis' | 'recurrence' | 'step'
    >();
  });
});
