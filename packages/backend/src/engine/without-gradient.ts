import * as tf from '@tensorflow/tfjs-core';
import { isolated } from './state.ts';

/**
 * Runs `f` off the tape: what it returns is a constant for every gradient that is being computed (stop-gradient).
 *
 * Identity with a zero gradient would do the same in value, and keep the whole computation before it on the tape. This
 * saves nothing and plays nothing back. Gradients taken inside `f` work, on a tape of their own.
 *
 * @param f computes a tensor, or an array or a record of tensors. Its temporaries are disposed of.
 * @returns the same structure of fresh tensors, also where `f` returns a tensor that it was given.
 *
 * @example
 * const target = withoutGradient(() => network.encode(y)); // no gradient flows through `target`
 */
export function withoutGradient<R extends tf.TensorContainer>(f: () => R): R {
  return isolated(() => tf.tidy(() => cloneTensors(f())));
}

/** The same structure with every tensor cloned: a clone is another node, so that its source's gradient ends here. */
function cloneTensors<R extends tf.TensorContainer>(container: R): R {
  if (container instanceof tf.Tensor) return tf.clone(container) as R;
  if (Array.isArray(container)) return container.map((item: tf.TensorContainer) => cloneTensors(item)) as R;
  if (container === null || typeof container !== 'object') return container;
  return Object.fromEntries(
    Object.entries(container).map(([name, item]) => [name, cloneTensors(item as tf.TensorContainer)]),
  ) as R;
}
