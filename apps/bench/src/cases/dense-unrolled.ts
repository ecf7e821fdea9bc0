import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradients } from '@unrolled/backend';
import type { Network } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { ista } from '@unrolled/solvers';
import { reconstruction, unroll } from '@unrolled/unroll';
import type { Case, Reached } from '../benchmark.ts';
import { firstExamples, toTensor } from '../data/arrays.ts';
import { denseSetting } from '../data/dense-problem.ts';
import { atRate, fasterThan } from '../goals.ts';
import { ownVariant } from '../own-variant.ts';
import { type PeerResult, peerBench, valuesOf } from '../peers/peer-bench.ts';
import { relativeDistance } from '../reference/distance.ts';

const layers = 16;
/** Two products a layer and one to decode, but one in the first; the derivative of each is two more, but for the signals'. */
const operations = 2 * 512 * 256 * 1024 * 3 * (2 * layers);

/** Loss and gradient of sixteen layers of ISTA with a dense dictionary. */
export const denseUnrolledCase: Case = {
  name: 'dense-unrolled',
  about: 'ISTA 256 → 1024 unrolled for 16 layers, batch 512, forward and backward',
  error: 'distance of the gradient to ours on the same signals, relative',
  goals: [
    fasterThan('unrolled', 'tfjs', 6),
    fasterThan('unrolled', 'pytorch'),
    atRate('unrolled', operations),
    atRate('pytorch', operations),
  ],
  prepare: async (context) => {
    const { signals, atoms, weight, step } = await denseSetting(context.size);
    const few = firstExamples(signals, signals.shape[0]! / 4);
    const [a, y, fewY] = [toTensor(atoms), toTensor(signals), toTensor(few)];
    const prior = l1(weight);
    const problem = { operator: dense(a), prior, likelihood: gaussian() };
    const network = await unroll(ista(problem, { step }), { layers, train: ['operator.atoms'] });
    const loss = reconstruction();
    const gradientOf = (batch: tf.Tensor) => {
      const { value, gradients } = valueAndGradients(
        () => loss(network as unknown as Network, batch),
        [network.variables['operator.atoms']!],
      );
      return { value, gradient: gradients[0]! };
    };
    const referenceOf = async (batch: tf.Tensor): Promise<ArrayLike<number>> => {
      const { value, gradient } = gradientOf(batch);
      const values = await gradient.data();
      tf.dispose([value, gradient]);
      return values;
    };
    const [whole, piece] = [await referenceOf(y), await referenceOf(fewY)];
    const reach = (gradient: ArrayLike<number>, reference: ArrayLike<number>): Reached => ({
      objective: null,
      error: relativeDistance(gradient, reference),
    });
    const peers = peerBench(context, 2);
    const options = { weight, step, iterations: layers };
    await peers.add({
      name: 'tfjs',
      peer: 'tfjs',
      work: 'dense-unrolled',
      about: 'tf.matMul with transpose flags, as it is written; the gradients of tfjs are registered',
      arrays: { signals: few, atoms },
      options,
      scaled: signals.shape[0]! / few.shape[0]!,
      examine: (result: PeerResult) => reach(valuesOf(result, 'gradient'), piece),
    });
    await peers.addOnEither({
      name: 'pytorch',
      peer: 'pytorch',
      work: 'dense-unrolled',
      arrays: { signals, atoms },
      options,
      examine: (result: PeerResult) => reach(valuesOf(result, 'gradient'), whole),
    });
    const own = ownVariant({
      name: 'unrolled',
      make: () => gradientOf(y),
      examine: ({ gradient }) => reach(gradient, whole),
    });
    return {
      variants: [...peers.variants, own],
      missing: peers.missing,
      dispose: async () => {
        await peers.dispose();
        tf.dispose([a, y, fewY, ...Object.values(prior.parameters)]);
        network.dispose();
      },
    };
  },
};
