import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Operator } from '@unrolled/contracts';

/** A dense dictionary `[features, atoms]` in as few lines as will do: this package knows the interface alone. */
export function dictionary(atoms: Tensor): Operator<'atoms'> {
  return {
    name: 'dictionary',
    parameters: { atoms },
    codeSize: atoms.shape[1]!,
    apply: (x) => tf.tidy(() => tf.matMul(x as tf.Tensor2D, tf.transpose(atoms) as tf.Tensor2D)),
    adjoint: (y) => tf.matMul(y as tf.Tensor2D, atoms as tf.Tensor2D),
    codeShape: ([batch]) => [batch!, atoms.shape[1]!],
    lipschitz: async () => Number.NaN,
    with: (parameters) => dictionary(parameters.atoms),
  };
}
