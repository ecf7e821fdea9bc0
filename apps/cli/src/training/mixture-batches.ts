import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '@unrolled/contracts';
import type { HostExamples } from '@unrolled/dictionary-learning';
import { type Lsalsa, separate } from '@unrolled/lsalsa';
import type { BatchSource } from '@unrolled/unroll';

/** Mixtures `[batch, features]`, and the parts that each is the sum of. */
export interface MixtureBatch {
  readonly mixtures: tf.Tensor;
  readonly parts: readonly tf.Tensor[];
}

/**
 * Batches of sums of one example of each component. In every epoch each example meets others: as many mixtures as there are
 * pairs of examples are seen, sooner or later.
 */
export function mixtureBatches(
  components: readonly HostExamples[],
  batchSize: number,
): BatchSource<MixtureBatch> {
  const [count, features] = components[0]!.shape as readonly [number, number];
  return {
    batches: Math.ceil(count / batchSize),
    *epoch(random: Random) {
      const orders = components.map((_, index) => random.split(index).permutation(count));
      for (let start = 0; start < count; start += batchSize) {
        const end = Math.min(start + batchSize, count);
        const parts = components.map(({ data }, index) => {
          const values = new Float32Array((end - start) * features);
          orders[index]!.subarray(start, end).forEach((row, at) => {
            values.set(data.subarray(row * features, (row + 1) * features), at * features);
          });
          return tf.tensor2d(values, [end - start, features]);
        });
        yield { mixtures: tf.addN(parts), parts };
      }
    },
  };
}

/** How far the components that a network gives are from those that were mixed: mean over mixtures of Σ_i ‖A_i x_i − y_i‖². */
export function componentError(network: Lsalsa, { mixtures, parts }: MixtureBatch): tf.Scalar {
  return tf.tidy(() => {
    const { components } = separate(network, mixtures);
    const errors = components.map((component, index) => tf.sum(tf.square(tf.sub(component, parts[index]!))));
    return tf.div(tf.addN(errors), mixtures.shape[0]!) as tf.Scalar;
  });
}
