import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { fista, maxIterations, salsa, solve } from '@unrolled/solvers';
import { adam, codeError, memoryStore } from '@unrolled/unroll';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  atomsOf,
  lsalsa,
  optimalCodes,
  separate,
  sourceProblem,
  sparsify,
  splitCode,
  trainLsalsa,
} from '../src/index.ts';
import { distance, drawSignals, drawSources } from './world.ts';

await useBackend('wasm');

let before = 0;
beforeAll(() => {
  before = tf.memory().numTensors;
});

const counts = [1, 2, 3] as const;

describe.each(counts)('of %i sources, untrained', (count) => {
  const penalty = 2;
  test.each([1, 2, 3, 7, 20])(
    '%i layers are as many steps of SALSA: bit for bit, and near the solve',
    async (layers) => {
      const sources = drawSources(count);
      const problem = sourceProblem(sources);
      const signals = await drawSignals(sources, 6);
      const y = tf.tensor2d(signals.data, [6, 12]);
      const network = await lsalsa({ sources, penalty, layers });
      const code = network.encode(y);
      const exact = await solve(salsa(problem, { penalty, code: 'x' }), y, { stop: maxIterations(layers) });
      expect(await code.data()).toEqual(await exact.code.data());
      const solved = await solve(salsa(problem, { penalty, code: 'x', form: 'solve' }), y, {
        stop: maxIterations(layers),
      });
      expect(distance(await code.data(), await solved.code.data())).toBeLessThan(1e-5);
      network.dispose();
      tf.dispose([y, code, exact.code, solved.code, { ...problem.prior.parameters }]);
      tf.dispose(sources.map(({ atoms }) => atoms));
    },
  );
});

describe('parts', () => {
  test('are the codes of the sources, and what their dictionaries make of them: together the decoding', async () => {
    const sources = drawSources(3);
    const network = await lsalsa({ sources, penalty: 2, layers: 4 });
    const y = tf.tensor2d((await drawSignals(sources, 5)).data, [5, 12]);
    const { codes, components } = separate(network, y);
    expect(codes.map(({ shape }) => shape[1])).toEqual([8, 9, 10]);
    const [whole, sum] = tf.tidy(() => [
      tf.keep(network.decode(network.encode(y))),
      tf.keep(tf.addN([...components])),
    ]);
    expect(distance(await sum!.data(), await whole!.data())).toBeLessThan(1e-6);
    expect(atomsOf(network).map(({ shape }) => shape)).toEqual(sources.map(({ atoms }) => atoms.shape));
    tf.dispose([y, whole!, sum!, ...codes, ...components, sources.map(({ atoms }) => atoms)]);
    network.dispose();
  });

  test('sparsify: what lies within α_i/μ is exactly zero, the rest as it was', async () => {
    const sources = drawSources(2);
    const network = await lsalsa({ sources, penalty: 2, layers: 3 });
    const y = tf.tensor2d((await drawSignals(sources, 5)).data, [5, 12]);
    const code = network.encode(y);
    const sparse = sparsify(network, code);
    const [raw, found] = [await code.data(), await sparse.data()];
    expect(raw.every((value) => value !== 0)).toBe(true);
    raw.forEach((value, at) => {
      const threshold = Math.fround((at % 17 < 8 ? 0.1 : 0.2) / 2);
      expect(found[at]! + 0).toBe(Math.abs(value) <= threshold ? 0 : value);
    });
    expect(found.some((value) => value === 0)).toBe(true);
    const parts = splitCode(network, sparse);
    tf.dispose([y, code, sparse, parts, sources.map(({ atoms }) => atoms)]);
    network.dispose();
  });
});

describe('training', () => {
  const world = async (count: 1 | 2) => {
    const sources = drawSources(count);
    const problem = sourceProblem(sources);
    const signals = await drawSignals(sources, 200);
    const targets = await optimalCodes(salsa(problem, { penalty: 2 }), signals, { iterations: 200 });
    const dispose = () => {
      tf.dispose({ ...problem.prior.parameters });
      tf.dispose(sources.map(({ atoms }) => atoms));
    };
    return { sources, problem, signals, targets, dispose };
  };

  test.each([1, 2] as const)(
    'of %i sources: begins at the error of SALSA, ends below that of SALSA and FISTA',
    async (count) => {
      const { sources, problem, signals, targets, dispose } = await world(count);
      const layers = 2;
      const network = await lsalsa({ sources, penalty: 2, layers });
      const [y, x] = [
        tf.tensor2d(signals.data, [200, 12]),
        tf.tensor2d(targets.data, [200, targets.shape[1]!]),
      ];
      const errorOf = async (code: tf.Tensor): Promise<number> => {
        const error = tf.tidy(() => tf.div(tf.sum(tf.squaredDifference(code, x)), 400));
        const [value] = await error.data();
        tf.dispose([error, code]);
        return value!;
      };
      const stop = maxIterations(layers);
      const bySalsa = await errorOf(
        (await solve(salsa(problem, { penalty: 2, code: 'x' }), y, { stop })).code,
      );
      const byFista = await errorOf((await solve(fista(problem), y, { stop })).code);
      const untrained = tf.tidy(() => codeError()(network, { input: y, target: x }));
      const [start] = await untrained.data();
      expect(start! / bySalsa).toBeCloseTo(1, 5);
      const losses: number[] = [];
      const options = { targets, epochs: 30, batchSize: 25, rate: 0.02, rateDecay: 0.97 };
      for await (const event of trainLsalsa(network, signals, options))
        if (event.type === 'epoch') losses.push(event.losses['codes']!);
      expect(losses).toHaveLength(30);
      const learned = await errorOf(network.encode(y));
      expect(learned).toBeLessThan(0.7 * bySalsa);
      expect(bySalsa).toBeLessThan(byFista);
      network.dispose();
      tf.dispose([y, x, untrained]);
      dispose();
    },
  );

  test('with one small step the loss goes down; by Adam too, or one matrix alone', async () => {
    const { sources, signals, targets, dispose } = await world(1);
    for (const options of [{ rate: 1e-3 }, { optimizer: adam({ rate: 1e-4 }) }]) {
      for (const train of [['analysis', 'splitting'], ['splitting'], ['analysis']] as const) {
        const network = await lsalsa({ sources, penalty: 2, layers: 3, train });
        const fixed = Object.entries(network.variables).filter(([, { trainable }]) => !trainable);
        const were = await Promise.all(fixed.map(([, variable]) => variable.data()));
        const losses: number[] = [];
        for await (const event of trainLsalsa(network, signals, {
          targets,
          epochs: 2,
          batchSize: 200,
          ...options,
        }))
          if (event.type === 'epoch') losses.push(event.losses['codes']!);
        expect(losses[1]!).toBeLessThan(losses[0]!);
        expect(network.trainable).toHaveLength(train.length);
        // What is not trained stays, S and W_e included: nothing is made again from the atoms.
        for (const [index, [, variable]] of fixed.entries())
          expect(await variable.data()).toEqual(were[index]);
        network.dispose();
      }
    }
    dispose();
  });

  test('without targets the objective itself goes down', async () => {
    const { sources, signals, dispose } = await world(2);
    const network = await lsalsa({ sources, penalty: 2, layers: 2 });
    const losses: number[] = [];
    for await (const event of trainLsalsa(network, signals, { epochs: 8, batchSize: 50, rate: 0.02 }))
      if (event.type === 'epoch') losses.push(event.losses['objective']!);
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
    network.dispose();
    dispose();
  });

  test('stops where the loss is flat, and goes on from a checkpoint', async () => {
    const { sources, signals, targets, dispose } = await world(1);
    const run = async (store: ReturnType<typeof memoryStore>, epochs: number, tolerance: number) => {
      const network = await lsalsa({ sources, penalty: 2, layers: 1 });
      let last = 0;
      const options = { targets, epochs, batchSize: 100, rate: 0.02, tolerance, checkpoint: { store } };
      for await (const event of trainLsalsa(network, signals, options))
        if (event.type === 'epoch') last = event.epoch;
      const splitting = await network.variables['splitting']!.data();
      const found = { last, splitting: Float32Array.from(splitting) };
      network.dispose();
      return found;
    };
    expect((await run(memoryStore(), 200, 1e-2)).last).toBeLessThan(100);
    const store = memoryStore();
    await run(store, 2, 0);
    expect((await run(store, 4, 0)).splitting).toEqual((await run(memoryStore(), 4, 0)).splitting);
    dispose();
  });
});

test('and nothing is left behind', () => {
  expect(tf.memory().numTensors).toBe(before);
});
