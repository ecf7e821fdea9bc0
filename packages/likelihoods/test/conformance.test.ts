import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Likelihood } from '@unrolled/contracts';
import { assertConforms, likelihoodLaws } from '@unrolled/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { backendsHere } from '../../backend/test/support/backends.ts';
import * as likelihoods from '../src/index.ts';

/** Every factory of the package, with the shapes of signals that it is examined at. */
const subjects: {
  readonly [name in keyof typeof likelihoods]: readonly [signalShape: number[], make: () => Likelihood][];
} = {
  gaussian: [
    [[2, 5], () => likelihoods.gaussian()],
    [[3, 4, 2], () => likelihoods.gaussian()],
    [[2, 4, 2], () => likelihoods.gaussian({ baseline: [0.5, -1] })],
  ],
  poisson: [
    [[2, 5], () => likelihoods.poisson()],
    [[2, 4, 2], () => likelihoods.poisson({ baseline: [0.5, -0.3], peak: 2 })],
    [[2, 8], () => likelihoods.poisson({ baseline: tf.scalar(0.3), largestRate: 100 })],
  ],
  binomial: [
    [[2, 5], () => likelihoods.binomial({ trials: 7 })],
    [[2, 4, 2], () => likelihoods.binomial({ trials: 30, baseline: -1 })],
  ],
  bernoulli: [[[2, 6], () => likelihoods.bernoulli({ baseline: 0.5 })]],
  negativeBinomial: [
    [[2, 5], () => likelihoods.negativeBinomial({ dispersion: 0.5 })],
    [[2, 3, 2], () => likelihoods.negativeBinomial({ dispersion: 0.1, baseline: [0.4, 0] })],
  ],
  gamma: [
    [[2, 5], () => likelihoods.gamma()],
    [[2, 3, 2], () => likelihoods.gamma({ shape: 3, baseline: 0.7 })],
  ],
};

describe.each(await backendsHere(['wasm', 'cpu']))('on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  describe.each(Object.entries(subjects))('%s', (_, list) => {
    test.each(list.map(([signalShape, make]) => ({ signalShape, make })))(
      'obeys the laws of likelihoods (signals $signalShape)',
      async ({ signalShape, make }) => {
        await assertConforms(likelihoodLaws, () => ({ likelihood: make(), signalShape }));
      },
    );
  });
});

test('every export is examined', () => {
  expect(Object.keys(subjects).sort()).toEqual(Object.keys(likelihoods).sort());
});
