import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradients } from '@unrolled/backend';
import { type Network, UnrolledError } from '@unrolled/contracts';
import type { OptimizerRun } from './optimizer.ts';
import type { GradientStage } from './stage.ts';

/**
 * One update of a stage on a batch, and its loss before it.
 *
 * @throws DIVERGED where the loss or a gradient is not finite; the parameters are then those before the update
 */
export async function gradientStep<B>(
  stage: GradientStage<B>,
  network: Network,
  batch: B,
  variables: readonly Variable[],
  optimizer: OptimizerRun,
): Promise<number> {
  const { value, gradients } = valueAndGradients(() => stage.loss(network, batch), variables);
  try {
    const present = gradients.filter((gradient): gradient is Tensor => gradient !== null);
    // One read of the device for the loss and for whether all gradients are finite.
    const summary = tf.tidy(() => tf.stack([value, ...present.map((gradient) => tf.sum(tf.abs(gradient)))]));
    const numbers = await summary.data();
    summary.dispose();
    if (!numbers.every(Number.isFinite)) {
      const what = Number.isFinite(numbers[0]!) ? 'a gradient' : `the loss is ${numbers[0]}; a gradient`;
      throw new UnrolledError(
        'DIVERGED',
        `stage ${stage.name}: ${what} is not finite; the parameters are those before this update. A smaller rate or step may help`,
      );
    }
    optimizer.apply(gradients);
    return numbers[0]!;
  } finally {
    tf.dispose([value, ...gradients.filter((gradient) => gradient !== null)]);
  }
}
