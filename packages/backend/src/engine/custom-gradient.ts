import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { refuse } from '@unrolled/contracts';
import { engine, fresh } from './state.ts';

/**
 * A function of several tensors with several results whose gradient is written by hand. `tf.customGrad` allows one result,
 * and an unrolled iteration has a state of several.
 *
 * `forward` runs off the tape: nothing that it computes is saved but what it is asked to. All gradients are computed
 * together in `backward`; where they should be lazy, one closure an input, use `defineKernel`.
 *
 * @param inputs what the results depend on.
 * @param forward computes the results, and gives to `save` whatever `backward` needs. Its temporaries are disposed of.
 * @param backward from the gradients of the results (zeros where one is not used) and the saved tensors, one gradient for
 *   every input, of the input's shape. Runs in a scope of its own; `vectorJacobianProduct` works in it.
 * @returns the results, as fresh tensors.
 *
 * @example
 * const [sum, difference] = customGradient(
 *   [a, b],
 *   () => [tf.add(a, b), tf.sub(a, b)],
 *   ([ds, dd]) => [tf.add(ds, dd), tf.sub(ds, dd)],
 * );
 */
export function customGradient(
  inputs: readonly Tensor[],
  forward: (save: (...tensors: readonly Tensor[]) => void) => readonly Tensor[],
  backward: (dys: readonly Tensor[], saved: readonly Tensor[]) => readonly Tensor[],
): Tensor[] {
  return engine().runKernelFunc({
    inputs: Object.fromEntries(inputs.map((input, index) => [index, input])),
    forwardFunc: (_, save) => {
      const saved: Tensor[] = [];
      const outputs = forward((...tensors) => saved.push(...tensors));
      // Saved last: what is saved outlives every scope, and would leak if `forward` threw after it.
      save(saved);
      return outputs.map((output, index) => fresh(output, [...inputs, ...outputs.slice(0, index)]));
    },
    backwardsFunc: (dy, saved) => {
      // Cloned, so that no two gradients are one tensor: tfjs disposes of a gradient when it adds another to it.
      const gradients = tf.tidy(() => backward([dy].flat(), saved).map((gradient) => tf.clone(gradient)));
      if (gradients.length !== inputs.length) {
        refuse('backward', gradients.length, `${inputs.length} gradients, one for every input`);
      }
      return Object.fromEntries(gradients.map((gradient, index) => [index, () => gradient]));
    },
  });
}
