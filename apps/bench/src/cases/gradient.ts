import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradients } from '@unrolled/backend';
import type { Gradient, Network } from '@unrolled/contracts';
import { crsae } from '@unrolled/crsae';
import { reconstruction } from '@unrolled/unroll';
import type { Case, Variant } from '../benchmark.ts';
import { distance, normal } from '../tensors.ts';

const modes: readonly (readonly [string, Gradient])[] = [
  ['full', 'full'],
  ['checkpoint 8', { checkpoint: 8 }],
  ['last 20', { last: 20 }],
  ['decoder only', { last: 0 }],
];

/** One loss and gradient of CRsAE, by the way in which gradients go back: 60 layers, 32 windows of 500 samples. */
export const gradientCase: Case = {
  name: 'gradient',
  about: '60 layers, 32 × 500 samples, 3 templates of 18 samples; ways for gradients to go back',
  prepare: async () => {
    const start = normal([18, 1, 3], 5);
    const y = normal([32, 500, 1], 6);
    const network = await crsae({ filters: start, weight: 2, layers: 60 });
    const gradientOf = (gradient: Gradient) => {
      const loss = () => reconstruction({ gradient })(network as unknown as Network, y);
      const { value, gradients } = valueAndGradients(loss, [network.variables['operator.filters']!]);
      value.dispose();
      return gradients[0]!;
    };
    const reference = gradientOf('full');
    const variants = modes.map(([name, mode]): Variant => {
      const found = gradientOf(mode);
      const error = distance(found, reference);
      found.dispose();
      const run = async (): Promise<void> => {
        const result = gradientOf(mode);
        await result.data();
        result.dispose();
      };
      return { name, version: 'source', threads: 1, run, error };
    });
    reference.dispose();
    return {
      variants,
      dispose: () => {
        tf.dispose([start, y]);
        network.dispose();
      },
    };
  },
};
