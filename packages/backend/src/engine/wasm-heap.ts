import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** The wasm backend, which must be the one in use. */
const backend = (): BackendWasm => tf.backend() as BackendWasm;

/**
 * The values of a tensor where they are in the memory of tfjs's wasm backend. A view, not a copy, and only until the next
 * tensor is made: memory that grows leaves its views behind.
 */
export function heapView({ dataId, shape, dtype }: TensorInfo): Float32Array | Int32Array | Uint8Array {
  // A tensor that was made on another backend moves here when it is first looked up, and may make the memory grow.
  backend().getMemoryOffset(dataId);
  return backend().typedArrayFromHeap({ dataId, shape, dtype });
}

/** A fresh tensor whose values are not set yet. */
export function emptyOnHeap(
  shape: readonly number[],
  dtype: 'float32' | 'int32' | 'bool' = 'float32',
): Tensor {
  return tf.engine().makeTensorFromTensorInfo(backend().makeOutput([...shape], dtype));
}

/** A fresh tensor with memory of its own, which `tf.clone` does not give. */
export function copyOnHeap(tensor: Tensor): Tensor {
  const copy = emptyOnHeap(tensor.shape);
  const values = heapView(tensor);
  heapView(copy).set(values);
  return copy;
}
