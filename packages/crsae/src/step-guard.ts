import * as tf from '@tensorflow/tfjs-core';
import type { UpdateStage } from '@unrolled/unroll';

/**
 * Holds a fixed step at or below what FISTA allows, after every epoch:
 *
 *     α ← min(α, 1/‖H‖²)       untied: α ← min(α, 1/(‖H‖ ‖W_e‖))
 *
 * Filters whose norms are free may grow until the step that `crsae` was given is too large for them; the layers then amplify what they
 * should shrink, and nothing says so. The norms, in float64 on the host, are too dear for every update.
 *
 * α ‖H‖² before, at most 1 where nothing was done, is reported as the stage's loss.
 *
 * @example
 * const stages = [filters, stepGuard];
 */
export const stepGuard: UpdateStage<unknown> = Object.freeze<UpdateStage<unknown>>({
  name: 'step',
  when: 'epoch',
  update: async ({ network }) => {
    const { operator } = network.problem();
    const norm = await operator.lipschitz();
    const analysis = network.variables['analysis.filters'];
    const bound =
      analysis === undefined
        ? norm
        : Math.sqrt(norm * (await operator.with({ filters: analysis }).lipschitz()));
    const step = network.variables['step']!;
    const [now] = await step.data();
    if (now! * bound > 1) tf.tidy(() => step.assign(tf.scalar(1 / bound)));
    return now! * bound;
  },
});
