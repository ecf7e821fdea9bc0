import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradients } from '@unrolled/backend';
import type { Network } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv2d } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista } from '@unrolled/solvers';
import { reconstruction, unroll } from '@unrolled/unroll';
import type { Case, Reached } from '../benchmark.ts';
import { firstExamples, toTensor } from '../data/arrays.ts';
import { imageSetting } from '../data/image-problem.ts';
import { atRate, fasterThan } from '../goals.ts';
import { ownVariant } from '../own-variant.ts';
import { type PeerResult, peerBench, valuesOf } from '../peers/peer-bench.ts';
import { relativeDistance } from '../reference/distance.ts';

/** Images that stock tfjs is given of the eight: with more, the tape does not fit into wasm's memory. */
const piece = 2;

/** 15 analyses and 15 syntheses forward (the first synthesis is of zero); each has two derivatives, but for the signal's. */
const operations = 2 * 8 * 120 * 120 * 64 * 81 * (15 + 15 + 2 * 30 - 1);

/** One loss and gradient of the auto-encoder of `encoder-2d`, through all of its layers. */
export const trainingStep2dCase: Case = {
  name: 'training-step-2d',
  about: 'loss and gradient of the auto-encoder of encoder-2d, through its 15 layers',
  error: 'distance of the gradient to that of stock tfjs, relative, on the images of the piece',
  goals: [
    fasterThan('unrolled', 'tfjs', 4),
    atRate('unrolled', operations, 20),
    fasterThan('unrolled', 'pytorch'),
    atRate('pytorch', operations),
  ],
  prepare: async (context) => {
    const { images, filters, weight, step, layers } = await imageSetting(context.size);
    const few = firstExamples(images, Math.min(piece, images.shape[0]!));
    const scaled = images.shape[0]! / few.shape[0]!;
    let reference: ArrayLike<number> | undefined;
    const reach = (gradient: ArrayLike<number>): Reached => {
      reference ??= gradient;
      return { objective: null, error: relativeDistance(gradient, reference) };
    };
    const peers = peerBench(context, 2);
    const shared = {
      arrays: { images: few, filters },
      options: { weight, step, iterations: layers },
      scaled,
      examine: (result: PeerResult) => reach(valuesOf(result, 'gradient')),
    };
    await peers.add({
      ...shared,
      name: 'tfjs',
      peer: 'tfjs',
      work: 'training-step-2d',
      about:
        'tf.valueAndGrads; stock tfjs cannot train a convolution on wasm: the gradients, and a composed Conv2DBackpropFilter, are registered for it',
    });
    await peers.addOnEither({ ...shared, name: 'pytorch', peer: 'pytorch', work: 'training-step-2d' });

    const [h, y] = [toTensor(filters), toTensor(few)];
    const prior = l1(weight);
    const problem = { operator: conv2d(h), prior, likelihood: gaussian() };
    const network = await unroll(fista(problem, { step }), { layers, train: ['operator.filters'] });
    const loss = reconstruction();
    const own = ownVariant({
      name: 'unrolled',
      scaled,
      make: () => {
        const { value, gradients } = valueAndGradients(
          () => loss(network as unknown as Network, y),
          [network.variables['operator.filters']!],
        );
        return { value, gradient: gradients[0]! };
      },
      examine: ({ gradient }) => reach(gradient),
    });
    return {
      variants: [...peers.variants, own],
      missing: peers.missing,
      dispose: async () => {
        await peers.dispose();
        tf.dispose([h, y, ...Object.values(prior.parameters)]);
        network.dispose();
      },
    };
  },
};
