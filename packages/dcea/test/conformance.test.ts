import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Network } from '@unrolled/contracts';
import { binomial, poisson } from '@unrolled/likelihoods';
import { l1 } from '@unrolled/prox';
import { nesterovMomentum } from '@unrolled/solvers';
import { assertConforms, networkLaws } from '@unrolled/testkit';
import { expect, test } from 'vitest';
import * as exports from '../src/index.ts';
import { normal } from './tensors.ts';

await useBackend('wasm');

const { dcea } = exports;

const networks: {
  readonly name: string;
  readonly signalShape: readonly number[];
  readonly make: (filters: tf.Tensor) => Promise<Network>;
  readonly filters: readonly number[];
}[] = [
  {
    name: 'spike counts over trials, tied, FISTA',
    filters: [4, 1, 2],
    signalShape: [2, 16, 1],
    make: async (filters) => {
      const likelihood = binomial({ trials: 20, baseline: -1 });
      const options = { layers: 4, momentum: nesterovMomentum, prior: l1(0.1), likelihood };
      return dcea({ filters, ...options, train: ['operator.filters', 'likelihood.baseline'] });
    },
  },
  {
    name: 'photon images, untied, the step in the filters, a bias for each atom',
    filters: [3, 3, 1, 3],
    signalShape: [2, 9, 7, 1],
    make: async (filters) =>
      dcea({
        filters: tf.mul(filters, 0.15),
        prior: l1([0.05, 0.02, 0.01], { nonNegative: true }),
        likelihood: poisson({ peak: 4, baseline: 0.2 }),
        layers: 3,
        stride: 2,
        step: 1,
        norms: 'free',
        weights: 'untied',
        train: ['operator.filters', 'analysis.filters', 'prior.weight', 'likelihood.baseline'],
      }),
  },
];

test.each(networks)('$name: obeys the laws of networks', async ({ make, filters, signalShape }) => {
  const { skipped } = await assertConforms(networkLaws, async () => {
    const first = normal(filters, 1);
    const network = await make(first);
    return { network, signalShape, dispose: () => first.dispose() };
  });
  expect(skipped).toEqual([]);
});

test('every export is examined', () => {
  // What is no network has tests of its own.
  expect(Object.keys(exports).sort()).toEqual(['dcea', 'imageFilters', 'trainDcea']);
});
