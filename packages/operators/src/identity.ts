import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Operator, requireInteger, requireShape, UnrolledError } from '@unrolled/contracts';
import { requireTensor } from './internal/shapes.ts';

/**
 * The identity: the code is the signal. Denoising, the spikes of a two-dictionary (MCA) model.
 *
 * @param shape the shape of one example, without the batch; left out, signals of every shape will do
 * @throws `INVALID_ARGUMENT` for a shape that is not of whole numbers ≥ 1; `INVALID_SHAPE` for another shape in use
 * @example
 * ```ts
 * const operator = identity([3]); // signals and codes [batch, 3]
 * ```
 */
export function identity(shape?: readonly number[]): Operator<never> {
  const example = shape?.map((size, axis) => requireInteger(`shape[${axis}]`, size));
  if (example?.length === 0) {
    throw new UnrolledError(
      'INVALID_ARGUMENT',
      'shape: expected at least one axis besides the batch, got []',
    );
  }
  const requireExample = (name: string, given: readonly number[]): void => {
    if (example) requireShape(name, given, [-1, ...example], 'a batch of signals');
    else if (given.length < 2) requireShape(name, given, [-1, -1], 'a batch of signals');
  };
  const clone = (name: string) => (tensor: Tensor) => {
    requireExample(name, requireTensor(name, tensor, '[batch, …]').shape);
    return tf.clone(tensor);
  };
  const operator: Operator<never> = Object.freeze({
    name: 'identity',
    parameters: Object.freeze({}),
    ...(example && { codeSize: example.at(-1)! }),
    apply: clone('x'),
    adjoint: clone('y'),
    codeShape: (signalShape: readonly number[]) => {
      requireExample('signalShape', signalShape);
      return [...signalShape];
    },
    lipschitz: async () => 1,
    with: () => operator,
  });
  return operator;
}
