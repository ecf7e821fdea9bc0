import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { UnrolledError } from '@unrolled/contracts';
import { engine, isolated, isRecording } from './state.ts';

/**
 * dyᵀ · ∂f/∂inputs: the gradients of Σᵢ ⟨fᵢ, dyᵢ⟩ with respect to the inputs.
 *
 * Safe inside a backward pass, where `tf.grads` would destroy the tape that is being played back (checkpointed and
 * implicit gradients need this). Where a tape is recording, the product itself is recorded: second derivatives.
 *
 * @param f computes the outputs from `inputs`, which it closes over. Everything that it makes is disposed of.
 * @param inputs at least one tensor that `f` uses.
 * @param dys one tensor for every output, of its shape.
 * @returns one fresh tensor for every input, zeros where no output depends on it.
 * @throws UnrolledError INVALID_SHAPE where `dys` do not match the outputs.
 *
 * @example
 * const [dx] = vectorJacobianProduct(() => [tf.square(x)], [x], [dy]); // 2 x ∘ dy
 */
export function vectorJacobianProduct(
  f: () => readonly Tensor[],
  inputs: readonly Tensor[],
  dys: readonly Tensor[],
): Tensor[] {
  const product = (): Tensor => {
    const outputs = f();
    requireMatching(outputs, dys);
    return tf.addN(outputs.map((output, index) => tf.sum(tf.mul(output, dys[index]!))));
  };
  const compute = (): Tensor[] =>
    tf.tidy(() => {
      const { grads } = engine().gradients(product, inputs, null, true);
      return inputs.map((input, index) => grads[index] ?? tf.zerosLike(input));
    });
  return isRecording() ? compute() : isolated(compute);
}

function requireMatching(outputs: readonly Tensor[], dys: readonly Tensor[]): void {
  const shapes = (tensors: readonly Tensor[]) => tensors.map(({ shape }) => `[${shape}]`).join(', ');
  if (shapes(outputs) !== shapes(dys)) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `dys: expected tensors of shapes ${shapes(outputs) || 'none'}, got ${shapes(dys) || 'none'}`,
    );
  }
}
