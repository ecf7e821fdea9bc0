import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { vectorJacobianProduct } from '@unrolled/backend';
import { requireKnownOptions, requirePositive } from '@unrolled/contracts';
import type { UpdateStage } from '@unrolled/unroll';

/**
 * The dictionary step of NOODL, a stage of `train` beside which the gradients are compared: plain descent along
 *
 *     g = mean over the batch of (D z_T − x) sign(z_T)ᵀ,   D ← D − rate · g, then the network's constraints
 *
 * The sign in place of the code makes all entries of a support count alike. Its encoder is a network with hard thresholding.
 *
 * The authors' code divides by the batch twice; with `rate` 20 and batches of 50 that is a rate of 0.4 here.
 *
 * @param options.rate > 0
 * @example
 * const network = await pudle({ operator, prior: hardThreshold({ threshold: 0.1, step: 0.2 }), layers: 100, step: 0.2 });
 * for await (const event of train(network, examples, { stages: [noodl({ rate: 0.4 })], epochs: 1, batchSize: 50 })) …
 * @see Rambhatla, Li & Haupt, "NOODL: provable online dictionary learning and sparse coding", ICLR (2019), algorithm 1
 */
export function noodl(options: { readonly rate: number }): UpdateStage {
  requireKnownOptions('noodl', options, ['rate']);
  const rate = requirePositive('rate', options.rate);
  return Object.freeze<UpdateStage>({
    name: 'noodl',
    update: async ({ network, batch }) => {
      const loss = tf.tidy(() => {
        const { operator } = network.problem();
        const z = network.encode(batch);
        const residual = tf.sub(operator.apply(z), batch);
        const names = Object.keys(operator.parameters);
        const variables = names.map((name) => network.variables[`operator.${name}`]!);
        // D s is linear in D: its derivative along the residual is residual · sᵀ.
        const products = vectorJacobianProduct(() => [operator.apply(signOf(z))], variables, [residual]);
        for (const [index, variable] of variables.entries())
          variable.assign(tf.sub(variable, tf.mul(rate / batch.shape[0]!, products[index]!)));
        return tf.div(tf.sum(tf.square(residual)), 2 * batch.shape[0]!);
      });
      const [value] = await loss.data();
      loss.dispose();
      return value!;
    },
  });
}

/** −1, 0 or 1. */
const signOf = (z: Tensor): Tensor => tf.sub(tf.step(z), tf.step(tf.neg(z)));
