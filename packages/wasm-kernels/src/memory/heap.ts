import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

// Where tensors lie in the memory of tfjs's wasm backend, which must be the one in use. Addresses stay when the memory grows;
// views do not.

/** What tfjs keeps of its own module, as far as it is used here. `test/memory.test.ts` fails where a release changes it. */
interface TfWasmModule {
  /** The memory of the build with threads. */
  readonly wasmMemory?: WebAssembly.Memory;
  /** What the plain build exports, its memory among it. */
  readonly asm?: { readonly memory?: WebAssembly.Memory };
  _malloc(bytes: number): number;
  _free(address: number): void;
}

const backend = (): BackendWasm => tf.backend() as BackendWasm;
const tfModule = (): TfWasmModule => backend().wasm as unknown as TfWasmModule;

/** The memory that every tensor of the backend in use lies in. */
export function tensorMemory(): WebAssembly.Memory {
  const { wasmMemory, asm } = tfModule();
  const memory = wasmMemory ?? asm?.memory;
  if (!memory) throw new Error('the memory of tfjs-backend-wasm is not where version 4.22 has it');
  return memory;
}

/** Where a tensor's values begin, in bytes. */
export function addressOf({ dataId }: TensorInfo): number {
  // A tensor that was made on another backend moves here when it is looked up, and may make the memory grow.
  return backend().getMemoryOffset(dataId);
}

/**
 * The values of a tensor where they are in the memory of tfjs's wasm backend. A view, not a copy, and only until the next
 * tensor is made: memory that grows leaves its views behind.
 */
export function heapView({ dataId, shape, dtype }: TensorInfo): Float32Array | Int32Array | Uint8Array {
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

/**
 * Lends memory that no tensor has, aligned to 16 bytes, to `f` alone: a kernel's scratch.
 *
 * @throws Error where tfjs's allocator has no more, 4 GiB in all
 */
export function withScratch<R>(bytes: number, f: (address: number) => R): R {
  const module = tfModule();
  // Beyond 2 GiB the allocator gives negative numbers.
  const block = module._malloc(bytes + 15) >>> 0;
  if (block === 0) throw new Error(`no ${bytes} bytes of scratch memory are left for a kernel`);
  try {
    return f(((block + 15) & ~15) >>> 0);
  } finally {
    module._free(block);
  }
}
