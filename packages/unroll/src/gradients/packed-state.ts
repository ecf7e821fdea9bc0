import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** Several tensors as one vector, for linear algebra over a whole state. A fresh tensor. */
export function pack(tensors: readonly Tensor[]): Tensor {
  return tf.tidy(() =>
    tf.concat(
      tensors.map((tensor) => tf.reshape(tensor, [tensor.size])),
      0,
    ),
  );
}

/** The tensors that `pack` made one of, by the shapes of `like`. Fresh tensors. */
export function unpack(vector: Tensor, like: readonly Tensor[]): Tensor[] {
  return tf.tidy(() => {
    let offset = 0;
    return like.map(({ size, shape }) => {
      const part = tf.reshape(tf.slice(vector, [offset], [size]), shape);
      offset += size;
      return part;
    });
  });
}

/** ⟨a, b⟩ on the host. */
export function dot(a: Tensor, b: Tensor): number {
  const sum = tf.tidy(() => tf.sum(tf.mul(a, b)));
  const [value] = sum.dataSync();
  sum.dispose();
  return value!;
}
