import * as tf from '@tensorflow/tfjs-core';
import { gaussian } from '@unrolled/likelihoods';
import { conv2d } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista } from '@unrolled/solvers';
import { unroll } from '@unrolled/unroll';
import type { Case, Reached } from '../benchmark.ts';
import { toTensor } from '../data/arrays.ts';
import { imageSetting } from '../data/image-problem.ts';
import { atRate, fasterThan } from '../goals.ts';
import { ownVariant } from '../own-variant.ts';
import { type PeerResult, peerBench, valuesOf } from '../peers/peer-bench.ts';
import { relativeDistance } from '../reference/distance.ts';
import { imageObjective } from '../reference/images.ts';

/** Fifteen analyses and fourteen syntheses, as if codes had no zeros; the first synthesis is of zero. */
const operations = 2 * 8 * 120 * 120 * 64 * 81 * 29;

/** Fifteen layers of FISTA with a convolutional dictionary of images. */
export const encoder2dCase: Case = {
  name: 'encoder-2d',
  about: '15 FISTA iterations on 8 images of 128 × 128, 64 atoms of 9 × 9',
  error: 'distance of the code to that of stock tfjs, relative',
  goals: [
    fasterThan('unrolled', 'tfjs', 5),
    fasterThan('unrolled', 'tfjs-flipped'),
    fasterThan('unrolled', 'pytorch'),
    atRate('unrolled', operations),
    atRate('pytorch', operations),
  ],
  prepare: async (context) => {
    const setting = await imageSetting(context.size);
    const { images, filters, weight, step, layers } = setting;
    let reference: ArrayLike<number> | undefined;
    const reach = (code: ArrayLike<number>): Reached => {
      reference ??= code;
      return { objective: imageObjective(setting, code), error: relativeDistance(code, reference) };
    };
    const peers = peerBench(context, 2);
    const shared = {
      arrays: { images, filters },
      options: { weight, step, iterations: layers },
      examine: (result: PeerResult) => reach(valuesOf(result, 'code')),
    };
    await peers.add({
      ...shared,
      name: 'tfjs',
      peer: 'tfjs',
      work: 'encoder-2d',
      about: 'conv2d and conv2dTranspose as they come',
    });
    await peers.add({
      ...shared,
      name: 'tfjs-flipped',
      peer: 'tfjs',
      work: 'encoder-2d-flipped',
      about: 'synthesis as conv2d with the filters turned round',
    });
    await peers.addOnEither({ ...shared, name: 'pytorch', peer: 'pytorch', work: 'encoder-2d' });

    const [h, y] = [toTensor(filters), toTensor(images)];
    const prior = l1(weight);
    const problem = { operator: conv2d(h), prior, likelihood: gaussian() };
    const network = await unroll(fista(problem, { step }), { layers });
    const own = ownVariant({
      name: 'unrolled',
      make: () => ({ code: network.encode(y) }),
      examine: ({ code }) => reach(code),
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
