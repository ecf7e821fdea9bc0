import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { type Network, type Problem, problemParameters, random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d, dense, unitSphere } from '@unrolled/operators';
import { elasticNet, l1 } from '@unrolled/prox';
import { fista, ista } from '@unrolled/solvers';
import { assertConforms, networkLaws } from '@unrolled/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { backendsHere } from '../../backend/test/support/backends.ts';
import { nonNegative, unroll } from '../src/index.ts';
import { elastic } from './elastic.ts';

const normal = (shape: number[], seed = 1) => {
  const generator = random(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => generator.normal()),
    shape,
  );
};
const atoms = () => tf.tidy(() => unitSphere(normal([8, 5])));
const vectors = () => ({ operator: dense(atoms()), prior: l1(0.1), likelihood: gaussian() });
/** Templates over two channels, every second sample a position. */
const templates = () => conv1d(normal([3, 2, 2]), { stride: 2 });
const traces = () => ({
  operator: templates(),
  prior: l1([0.2, 0.3], { nonNegative: true }),
  likelihood: gaussian(),
});

/** What is examined, and the problem that it was made of, which is not the network's. */
interface Made {
  readonly network: Network;
  readonly problem: Problem;
  readonly signalShape: readonly number[];
}

const networks: { readonly [name: string]: () => Promise<Made> } = {
  'all shared, tied': async () => {
    const problem = vectors();
    const network = await unroll(fista(problem), {
      layers: 4,
      train: ['operator.atoms', 'prior.weight', 'step'],
      constraints: { 'operator.atoms': unitSphere },
    });
    return { network, problem, signalShape: [2, 8] };
  },
  'a weight for every layer and a decoder of its own': async () => {
    const problem = vectors();
    const network = await unroll(fista(problem), {
      layers: 3,
      train: ['operator.atoms', 'prior.weight'],
      share: { 'prior.weight': 'each' },
      decoder: 'own',
      constraints: { 'operator.atoms': unitSphere, 'prior.weight': nonNegative },
    });
    return { network, problem, signalShape: [2, 8] };
  },
  'a step that follows from the filters of every layer': async () => {
    const problem = traces();
    const network = await unroll(ista(problem), {
      layers: 3,
      train: ['operator.filters'],
      share: { 'operator.filters': 'each', step: 'each' },
    });
    return { network, problem, signalShape: [2, 9, 2] };
  },
  'stride 2, two channels, an analysis of its own': async () => {
    const problem = traces();
    const network = await unroll(ista(problem, { analysis: 'own' }), {
      layers: 3,
      train: ['operator.filters', 'analysis.filters', 'prior.weight'],
    });
    return { network, problem, signalShape: [2, 9, 2] };
  },
  "a stranger's prior, one of its numbers for every layer": async () => {
    const problem = {
      operator: templates(),
      prior: elastic(tf.scalar(0.2), tf.scalar(0.5)),
      likelihood: gaussian(),
    };
    const network = await unroll(fista(problem), {
      layers: 3,
      train: ['operator.filters', 'prior.weight', 'prior.ridge'],
      share: { 'prior.ridge': 'each' },
      decoder: 'own',
    });
    return { network, problem, signalShape: [2, 9, 2] };
  },
  'two numbers of the prior, momentum that restarts': async () => {
    const problem = { operator: dense(atoms()), prior: elasticNet(0.1, 0.3), likelihood: gaussian() };
    const network = await unroll(fista(problem, { restart: 'gradient' }), {
      layers: 5,
      train: ['prior.weight', 'prior.ridge'],
      share: { 'prior.ridge': 'each' },
    });
    return { network, problem, signalShape: [2, 8] };
  },
};

describe.each(await backendsHere(['wasm']))('on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  test.each(Object.entries(networks))('a network obeys every law: %s', async (_, make) => {
    const before = tf.memory().numTensors;
    const { passed, skipped } = await assertConforms(networkLaws, async () => {
      const { network, problem, signalShape } = await make();
      return { network, signalShape, dispose: () => tf.dispose({ ...problemParameters(problem) }) };
    });
    expect(skipped).toEqual([]);
    expect(passed).toHaveLength(networkLaws.length);
    expect(tf.memory().numTensors).toBe(before);
  });
});
