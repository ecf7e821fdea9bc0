import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@unrolled/backend';
import type { Case } from '../benchmark.ts';
import { normalArray, toTensor } from '../data/arrays.ts';
import { fasterThan } from '../goals.ts';
import { ownVariant } from '../own-variant.ts';
import { peerBench, valuesOf } from '../peers/peer-bench.ts';
import { relativeDistance } from '../reference/distance.ts';

/** Aᵀ B: with a transpose flag tfjs takes a slow path on wasm, ours transposes first. */
export const matMulCase: Case = {
  name: 'mat-mul',
  about: 'a 512 × 512 product with a transposed factor',
  error: 'distance to stock tfjs, relative',
  goals: [fasterThan('unrolled', 'tfjs'), fasterThan('unrolled', 'numpy')],
  prepare: async (context) => {
    const size = context.size === 'full' ? 512 : 8;
    const [a, b] = [normalArray([size, size], 1), normalArray([size, size], 2)];
    let reference: ArrayLike<number> | undefined;
    const reach = (product: ArrayLike<number>) => {
      reference ??= product;
      return { objective: null, error: relativeDistance(product, reference) };
    };
    const peers = peerBench(context, 1);
    for (const peer of ['tfjs', 'numpy'] as const)
      await peers.add({
        name: peer,
        peer,
        work: 'mat-mul',
        ...(peer === 'tfjs' && { about: 'with the flag transposeA' }),
        arrays: { a, b },
        options: {},
        examine: (result) => reach(valuesOf(result, 'product')),
      });
    const [left, right] = [toTensor(a), toTensor(b)];
    const own = ownVariant({
      name: 'unrolled',
      make: () => ({ product: matMul(left, right, { transposeA: true }) }),
      examine: ({ product }) => reach(product),
    });
    return {
      variants: [...peers.variants, own],
      missing: peers.missing,
      dispose: async () => {
        await peers.dispose();
        tf.dispose([left, right]);
      },
    };
  },
};
