import * as tf from '@tensorflow/tfjs-core';
import { type Network, random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d, dense, unitSphere } from '@unrolled/operators';
import { elasticNet, l1 } from '@unrolled/prox';
import { fista, ista } from '@unrolled/solvers';
import { assertConforms, networkLaws } from '@unrolled/testkit';
import { expect, test } from 'vitest';
import { nonNegative, unroll } from '../src/index.ts';

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
const traces = () => ({
  operator: conv1d(normal([3, 2, 2]), { stride: 2 }),
  prior: l1([0.2, 0.3], { nonNegative: true }),
  likelihood: gaussian(),
});

const networks: { readonly [name: string]: () => Promise<{ network: object; signalShape: number[] }> } = {
  'all shared, tied': async () => ({
    network: await unroll(fista(vectors()), {
      layers: 4,
      train: ['operator.atoms', 'prior.weight', 'step'],
      constraints: { 'operator.atoms': unitSphere },
    }),
    signalShape: [2, 8],
  }),
  'a weight for every layer and a decoder of its own': async () => ({
    network: await unroll(fista(vectors()), {
      layers: 3,
      train: ['operator.atoms', 'prior.weight'],
      share: { 'prior.weight': 'each' },
      decoder: 'own',
      constraints: { 'operator.atoms': unitSphere, 'prior.weight': nonNegative },
    }),
    signalShape: [2, 8],
  }),
  'a step that follows from the filters of every layer': async () => ({
    network: await unroll(ista(traces()), {
      layers: 3,
      train: ['operator.filters'],
      share: { 'operator.filters': 'each', step: 'each' },
    }),
    signalShape: [2, 9, 2],
  }),
  'stride 2, two channels, an analysis of its own': async () => ({
    network: await unroll(ista(traces(), { analysis: 'own' }), {
      layers: 3,
      train: ['operator.filters', 'analysis.filters', 'prior.weight'],
    }),
    signalShape: [2, 9, 2],
  }),
  'two numbers of the prior, momentum that restarts': async () => ({
    network: await unroll(fista({ ...vectors(), prior: elasticNet(0.1, 0.3) }, { restart: 'gradient' }), {
      layers: 5,
      train: ['prior.weight', 'prior.ridge'],
      share: { 'prior.ridge': 'each' },
    }),
    signalShape: [2, 8],
  }),
};

test.each(Object.entries(networks))('a network obeys every law: %s', async (_, make) => {
  const { passed, skipped } = await assertConforms(networkLaws, async () => {
    const { network, signalShape } = await make();
    return { network: network as Network, signalShape };
  });
  expect(skipped).toEqual([]);
  expect(passed).toHaveLength(networkLaws.length);
});
