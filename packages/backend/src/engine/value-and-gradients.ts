import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { refuse, UnrolledError } from '@unrolled/contracts';
import { engine, fresh, isolated, isRecording } from './state.ts';

/**
 * The value of a scalar function and its gradients.
 *
 * `tf.variableGrads` leaks every tensor that the tape saved where the function throws; this leaves none.
 *
 * @param f computes the loss, a float32 scalar, from `variables`, which it closes over. Its temporaries are disposed of.
 * @param variables the variables or tensors to differentiate with respect to, at least one.
 * @returns the value and one gradient for every variable, in their order: fresh tensors, `null` where the value does not
 *   depend on the variable (an optimiser passes such a variable over: a zero would still move Adam's moments).
 * @throws whatever `f` throws; UnrolledError INVALID_SHAPE where `f` does not return a scalar.
 *
 * @example
 * const { value, gradients } = valueAndGradients(() => loss(batch), network.trainable);
 */
export function valueAndGradients(
  f: () => Tensor,
  variables: readonly Tensor[],
): { readonly value: Tensor; readonly gradients: (Tensor | null)[] } {
  if (variables.length === 0) refuse('variables', variables, 'at least one variable');
  const scalar = (): Tensor => {
    const value = f();
    if (value?.shape?.length !== 0) {
      throw new UnrolledError('INVALID_SHAPE', `f: expected a scalar, got ${describe(value)}`);
    }
    return fresh(value, variables);
  };
  const compute = () => {
    let result: { readonly value: Tensor; readonly gradients: (Tensor | null)[] };
    // A scope of its own: where a gradient throws, the value has been computed already.
    tf.tidy(() => {
      const { value, grads } = engine().gradients(scalar, variables, null, true);
      result = { value, gradients: variables.map((_, index) => grads[index] ?? null) };
      return [value, ...grads.filter((gradient) => gradient !== undefined)];
    });
    return result!;
  };
  return isRecording() ? compute() : isolated(compute);
}

const describe = (value: Tensor | undefined): string =>
  value?.shape ? `a tensor of shape [${value.shape}]` : String(value);
