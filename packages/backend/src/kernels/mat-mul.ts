import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { requireFloat, requireKnownOptions, UnrolledError } from '@unrolled/contracts';

/** Which factors are transposed before they are multiplied. */
export interface MatMulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * The product op(A) · op(B), of matrices or of stacks of matrices; op transposes the last two axes where asked.
 *
 * A stack `[…, m, k]` times one matrix `[k, n]` is computed as one large product. On wasm no transpose flag reaches tfjs's
 * kernel, in the gradient either: importing this package registers a `BatchMatMul` that transposes first.
 *
 * @param a `[…, m, k]`, or `[…, k, m]` where `transposeA`
 * @param b `[…, k, n]`, or `[…, n, k]` where `transposeB`
 * @returns `[…, m, n]`, a fresh tensor
 * @throws UnrolledError INVALID_SHAPE, INVALID_DTYPE (float32 only), UNKNOWN_OPTION
 *
 * @example
 * const gram = matMul(atoms, atoms, { transposeA: true }); // [atoms, atoms]
 */
export function matMul(a: Tensor, b: Tensor, options: MatMulOptions = {}): Tensor {
  requireKnownOptions('options', options, ['transposeA', 'transposeB']);
  const { transposeA = false, transposeB = false } = options;
  requireFloat('a', a);
  requireFloat('b', b);
  requireCompatible(a, b, transposeA, transposeB);
  if (a.rank > 2 && b.rank === 2 && !transposeA) {
    const inner = a.shape.at(-1)!;
    const product = tf.matMul(tf.reshape(a, [-1, inner]), b, false, transposeB);
    return tf.reshape(product, [...a.shape.slice(0, -1), product.shape[1]!]);
  }
  return tf.matMul(a, b, transposeA, transposeB);
}

function requireCompatible(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): void {
  const inner = a.shape.at(transposeA ? -2 : -1);
  if (a.rank < 2 || b.rank < 2 || inner !== b.shape.at(transposeB ? -1 : -2)) {
    const flags = [transposeA && 'a transposed', transposeB && 'b transposed'].filter(Boolean).join(', ');
    throw new UnrolledError(
      'INVALID_SHAPE',
      `a, b: expected […, m, k] and […, k, n], got [${a.shape}] and [${b.shape}]${flags && ` with ${flags}`}`,
    );
  }
}
