import * as tf from '@tensorflow/tfjs-core';
import type { Likelihood, Network, Prior } from '@unrolled/contracts';
import { gaussian, poisson } from '@unrolled/likelihoods';
import { l1 } from '@unrolled/prox';
import { pairedMinibatches } from '@unrolled/unroll';
import { describe, expectTypeOf, test } from 'vitest';
import { type Dcea, dcea, trainDcea } from '../src/index.ts';

/** Names follow from the options, and what is misspelt is refused: `pnpm check` compiles this file. */
describe('the types of the auto-encoder', () => {
  const parts = () => ({ filters: tf.ones([3, 3, 1, 2]), prior: l1(0.1), layers: 3 });

  test('know the parameters that the options make', () => {
    const tied = () => dcea({ ...parts(), likelihood: gaussian() });
    type Tied = Dcea<Prior<'weight'>, Likelihood<'gaussian', never>>;
    expectTypeOf<Awaited<ReturnType<typeof tied>>>().toEqualTypeOf<Tied>();
    const untied = () =>
      dcea({ ...parts(), likelihood: poisson({ baseline: 1 }), step: 1, weights: 'untied' });
    type Untied = Dcea<Prior<'weight'>, Likelihood<'poisson', 'baseline'>, 'untied'>;
    expectTypeOf<Awaited<ReturnType<typeof untied>>>().toEqualTypeOf<Untied>();
    const use = (network: Tied, other: Untied) => {
      network.parameters(1)['prior.weight'];
      other.parameters(1)['analysis.filters'];
      other.parameters(1)['likelihood.baseline'];
      // @ts-expect-error it is tied
      network.parameters(1)['analysis.filters'];
      // @ts-expect-error it has no baseline
      network.parameters(1)['likelihood.baseline'];
    };
    expectTypeOf(use).toBeFunction();
  });

  test('refuse what is misspelt or does not belong', () => {
    const likelihood = gaussian();
    const refused = (network: Network, y: tf.Tensor) => [
      // @ts-expect-error no such parameter
      dcea({ ...parts(), likelihood, train: ['operator.atoms'] }),
      // @ts-expect-error it is tied
      dcea({ ...parts(), likelihood, train: ['analysis.filters'] }),
      dcea({ ...parts(), likelihood, weights: 'untied', train: ['analysis.filters'] }),
      // @ts-expect-error no such parameter
      dcea({ ...parts(), likelihood, constraints: { 'prior.wieght': tf.relu } }),
      // @ts-expect-error no such option
      dcea({ ...parts(), likelihood, layer: 3 }),
      trainDcea(network, y, { epochs: 1 }),
      trainDcea(network, pairedMinibatches(y, y, 1), { epochs: 1, on: 'targets' }),
      // @ts-expect-error targets are pairs
      trainDcea(network, y, { epochs: 1, on: 'targets' }),
      // @ts-expect-error signals are no pairs
      trainDcea(network, pairedMinibatches(y, y, 1), { epochs: 1 }),
    ];
    expectTypeOf(refused).toBeFunction();
  });
});
