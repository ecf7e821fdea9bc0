import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Network } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista, ista, solve } from '@unrolled/solvers';
import { describe, expectTypeOf, test } from 'vitest';
import { adam, type Loss, type Optimizer, reconstruction, train, unroll } from '../src/index.ts';

await useBackend('wasm');

/** Names are inferred, and what is misspelt is refused: `pnpm check` compiles this file. */
describe('the types of networks', () => {
  const problem = { operator: conv1d(tf.ones([3, 1, 2])), prior: l1(0.1), likelihood: gaussian() };
  type Names = 'operator.filters' | 'prior.weight' | 'step';

  test('know the names of parameters and the problem', () => {
    const make = () => unroll(fista(problem), { layers: 3, train: ['operator.filters'] });
    expectTypeOf<Awaited<ReturnType<typeof make>>>().toEqualTypeOf<Network<Names, typeof problem>>();
    const use = async () => {
      const network = await make();
      network.parameters(1)['prior.weight'];
      network.problem().operator.parameters.filters;
      await solve(fista(network.problem()), tf.ones([1, 9, 1]));
      train(network, tf.ones([1, 9, 1]), {
        stages: [
          { name: 'all', train: ['operator.filters'], loss: reconstruction(), optimizer: adam({ rate: 1 }) },
        ],
        epochs: 1,
      });
      // @ts-expect-error no such parameter
      network.parameters(1)['prior.wieght'];
    };
    expectTypeOf(use).toBeFunction();
  });

  test('know what batches are made of', () => {
    type Pair = { input: tf.Tensor; target: tf.Tensor };
    const pairs = { epoch: (): Pair[] => [] };
    const use = (network: Network, optimizer: Optimizer) => {
      const loss: Loss<Pair> = (one, { input, target }) => tf.sum(tf.sub(one.encode(input), target));
      const stages = [{ name: 'imitate', train: ['operator.filters'], loss, optimizer }];
      train(network, pairs, { stages, epochs: 1 });
      train(
        network,
        function* () {
          yield* pairs.epoch();
        },
        { stages, epochs: 1 },
      );
      train(network, pairs, {
        stages: [{ name: 'look', update: ({ batch }) => batch.target.size }],
        epochs: 1,
      });
      // @ts-expect-error signals are not pairs
      train(network, tf.ones([1, 9, 1]), { stages, epochs: 1 });
      // @ts-expect-error pairs are not signals
      train(network, pairs, { stages: [{ ...stages[0]!, loss: reconstruction() }], epochs: 1 });
      train(network, pairs, {
        // @ts-expect-error a pair has no such part
        stages: [{ name: 'look', update: ({ batch }) => batch.tagret.size }],
        epochs: 1,
      });
      // @ts-expect-error no such option
      train(network, pairs, { stages, epochs: 1, pateince: 3 });
    };
    expectTypeOf(use).toBeFunction();
  });

  test('refuse what is misspelt or does not belong', () => {
    const refused = () => [
      // @ts-expect-error no such parameter
      unroll(fista(problem), { layers: 30, train: ['operator.atoms'] }),
      // @ts-expect-error no such parameter
      unroll(fista(problem), { layers: 30, share: { 'prior.wieght': 'each' } }),
      // @ts-expect-error no such rule
      unroll(fista(problem), { layers: 30, share: { 'prior.weight': 'all' } }),
      // @ts-expect-error no such parameter
      unroll(fista(problem), { layers: 30, constraints: { 'prior.weigth': tf.relu } }),
      // @ts-expect-error the analysis is tied unless it is asked for
      unroll(ista(problem), { layers: 3, train: ['analysis.filters'] }),
      unroll(ista(problem, { analysis: 'own' }), { layers: 3, train: ['analysis.filters'] }),
      // @ts-expect-error no such option
      unroll(fista(problem), { layer: 30 }),
    ];
    expectTypeOf(refused).toBeFunction();
  });
});
