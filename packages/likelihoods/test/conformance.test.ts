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
