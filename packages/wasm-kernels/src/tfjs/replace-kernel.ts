import type { KernelConfig, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** tfjs's names of its backends. */
export type TfBackendName = 'cpu' | 'wasm' | 'webgpu' | 'webgl' | 'tensorflow';

/**
 * Registers a kernel for one backend, in place of the one that may be there. Temporaries of `forward` are disposed of.
 *
 * @param forward gets the tensors, and the kernel that was there before where there was one.
 */
export function replaceKernel(
  kernelName: string,
  backendName: TfBackendName,
  forward: (
    inputs: { readonly [name: string]: Tensor },
    attributes: object,
    original: KernelConfig | undefined,
  ) => TensorInfo,
): void {
  const original = tf.getKernel(kernelName, backendName) as KernelConfig | undefined;
  if (original) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    // What the original sets up for itself when a backend starts, it still needs.
    ...original,
    kernelName,
    backendName,
    // The engine hands over the tensors themselves, though the type speaks of what a backend needs of them.
    kernelFunc: ({ inputs, attrs = {} }) => {
      const tensors = inputs as { readonly [name: string]: Tensor };
      return tf.tidy(() => {
        const result = forward(tensors, attrs, original) as Tensor;
        // What came in belongs to somebody else: a result never aliases it.
        return Object.values(tensors).includes(result) ? tf.clone(result) : result;
      });
    },
  });
}
