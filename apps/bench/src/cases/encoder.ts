import * as tf from '@tensorflow/tfjs-core';
import { crsae } from '@unrolled/crsae';
import type { Case, Reached } from '../benchmark.ts';
import { normalArray, toTensor, unitAtoms } from '../data/arrays.ts';
import { fasterThan } from '../goals.ts';
import { ownVariant } from '../own-variant.ts';
import { type PeerResult, peerBench, valuesOf } from '../peers/peer-bench.ts';
import { relativeDistance } from '../reference/distance.ts';

const weight = 1;

/** The encoder of CRsAE on a batch of windows. */
export const encoderCase: Case = {
  name: 'encoder',
  about: '30 layers of CRsAE, 16 × 2,000 samples, 3 templates of 45 samples',
  error: 'distance of the code to that of stock tfjs, relative',
  goals: [fasterThan('unrolled', 'tfjs'), fasterThan('unrolled', 'pytorch')],
  prepare: async (context) => {
    const { batch, time, layers } =
      context.size === 'full' ? { batch: 16, time: 2000, layers: 30 } : { batch: 2, time: 80, layers: 3 };
    const filters = unitAtoms(normalArray([45, 1, 3], 3));
    const windows = normalArray([batch, time, 1], 4);
    const [h, y] = [toTensor(filters), toTensor(windows)];
    const network = await crsae({ filters: h, weight, layers });
    const [step] = await network.variables['step']!.data();
    let reference: ArrayLike<number> | undefined;
    const reach = (code: ArrayLike<number>): Reached => {
      reference ??= code;
      return { objective: null, error: relativeDistance(code, reference) };
    };
    const peers = peerBench(context, 2);
    const shared = {
      work: 'encoder',
      arrays: { windows, filters },
      options: { weight, step: step!, iterations: layers },
      examine: (result: PeerResult) => reach(valuesOf(result, 'code')),
    };
    await peers.add({
      ...shared,
      name: 'tfjs',
      peer: 'tfjs',
      about: 'conv2d and conv2dTranspose as they come',
    });
    await peers.addOnEither({ ...shared, name: 'pytorch', peer: 'pytorch' });
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
        tf.dispose([h, y]);
        network.dispose();
      },
    };
  },
};
