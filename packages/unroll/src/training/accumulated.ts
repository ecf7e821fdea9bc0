import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { customGradient, valueAndGradients } from '@unrolled/backend';
import { requireInteger } from '@unrolled/contracts';
import type { Loss } from './losses.ts';

/**
 * A loss whose gradient is accumulated over blocks of its batch: the tape holds one block at a time, so that memory is that of a block
 * however large the batch. For losses that are means over the batch, as all of this package are; the result is theirs but for the order of
 * sums.
 *
 * @param loss of a tensor of signals `[batch, …]`
 * @param size examples of a block, ≥ 1; the last block may be smaller
 * @throws INVALID_ARGUMENT
 * @example
 * // The gradient of ten thousand examples through a hundred layers, five hundred at a time.
 * const stage = { name: 'atoms', train: ['operator.atoms'], loss: accumulated(reconstruction(), 500), optimizer };
 */
export function accumulated(loss: Loss, size: number): Loss {
  requireInteger('size', size);
  return (network, y) => {
    const variables = Object.values(network.variables);
    /** What a block adds to the loss and to its gradients: its own, by its share of the batch. */
    const partOf = (block: Tensor): Tensor[] => {
      const share = block.shape[0]! / y.shape[0]!;
      const { value, gradients } = valueAndGradients(() => loss(network, block), variables);
      return [value, ...gradients.map((gradient, index) => gradient ?? tf.zerosLike(variables[index]!))].map(
        (tensor) => tf.mul(share, tensor),
      );
    };
    const [value] = customGradient(
      variables,
      (save) => {
        const [sum, ...gradients] = tf.tidy(() => sumOverBlocks(y, size, partOf));
        save(...gradients);
        return [sum!];
      },
      ([dy], gradients) => gradients.map((gradient) => tf.mul(dy!, gradient)),
    );
    return value!;
  };
}

/** The sum of what every block of the first axis gives, tensor by tensor. */
function sumOverBlocks(y: Tensor, size: number, f: (block: Tensor) => Tensor[]): Tensor[] {
  const examples = y.shape[0]!;
  let sum: Tensor[] | undefined;
  for (let start = 0; start < examples; start += size) {
    const before: Tensor[] | undefined = sum;
    sum = tf.tidy(() => {
      const block = tf.slice(
        y,
        [start, ...y.shape.slice(1).map(() => 0)],
        [Math.min(size, examples - start), ...y.shape.slice(1)],
      );
      const own = f(block);
      return before ? own.map((tensor, index) => tf.add(before[index]!, tensor)) : own;
    });
    tf.dispose(before ?? []);
  }
  return sum!;
}
