import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@unrolled/backend';
import type { Case } from '../benchmark.ts';
import { distance, normal, timed } from '../tensors.ts';

/** Aᵀ B of 512 × 512: with a transpose flag tfjs takes a slow path on wasm, ours transposes first. */
export const matMulCase: Case = {
  name: 'mat-mul',
  about: 'a 512 × 512 product with a transposed factor',
  prepare: async () => {
    const a = normal([512, 512], 1);
    const b = normal([512, 512], 2);
    const ours = () => matMul(a, b, { transposeA: true });
    const plain = () => tf.tidy(() => tf.matMul(tf.transpose(a) as tf.Tensor2D, b as tf.Tensor2D));
    const error = tf.tidy(() => distance(ours(), plain()));
    return {
      variants: [
        { name: 'unrolled', version: 'source', threads: 1, run: timed(ours), error },
        { name: 'tfjs', version: tf.version_core, threads: 1, run: timed(plain), error: 0 },
      ],
      dispose: () => tf.dispose([a, b]),
    };
  },
};
