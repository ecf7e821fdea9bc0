import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradients } from '@unrolled/backend';
import type { Gradient, Network } from '@unrolled/contracts';
import { crsae } from '@unrolled/crsae';
import { reconstruction } from '@unrolled/unroll';
import type { Case } from '../benchmark.ts';
import { normalArray, toTensor } from '../data/arrays.ts';
import { ownVariant } from '../own-variant.ts';
import { relativeDistance } from '../reference/distance.ts';

const modes: readonly (readonly [string, Gradient])[] = [
  ['unrolled', 'full'],
  ['unrolled-checkpoint-8', { checkpoint: 8 }],
  ['unrolled-last-20', { last: 20 }],
  ['unrolled-decoder-only', { last: 0 }],
];

/** One loss and gradient of CRsAE, by the way in which gradients go back. */
export const gradientCase: Case = {
  name: 'gradient',
  about: 'ways for gradients to go back: CRsAE, 60 layers, 32 × 500 samples, 3 templates of 18 samples',
  error: 'distance of the gradient to the full one, relative',
  goals: [],
  prepare: async (context) => {
    const { batch, layers } = context.size === 'full' ? { batch: 32, layers: 60 } : { batch: 2, layers: 24 };
    const [start, y] = [toTensor(normalArray([18, 1, 3], 5)), toTensor(normalArray([batch, 500, 1], 6))];
    const network = await crsae({ filters: start, weight: 2, layers });
    let reference: ArrayLike<number> | undefined;
    const variants = modes.map(([name, gradient]) => {
      const loss = () => reconstruction({ gradient })(network as unknown as Network, y);
      return ownVariant({
        name,
        make: () => {
          const { value, gradients } = valueAndGradients(loss, [network.variables['operator.filters']!]);
          return { value, gradient: gradients[0]! };
        },
        examine: (result) => {
          reference ??= result.gradient;
          return { objective: null, error: relativeDistance(result.gradient, reference) };
        },
      });
    });
    return {
      variants,
      dispose: () => {
        tf.dispose([start, y]);
        network.dispose();
      },
    };
  },
};
