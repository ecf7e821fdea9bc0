import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

// A clone of a tensor. tfjs's wasm kernel copies the memory, though no kernel ever writes a tensor that it was given, and though its
// reshape shares it: every tensor that the tape keeps is a clone, so that training copied, and held, all that it saved. This counts one
// owner more, as tfjs's other backends do.

const original = tf.getKernel(tf.Identity, 'wasm')!;
tf.unregisterKernel(tf.Identity, 'wasm');
tf.registerKernel({
  ...original,
  kernelFunc: (call) => {
    const { x } = call.inputs;
    if (x!.dtype === 'string') return original.kernelFunc(call);
    (call.backend as BackendWasm).incRef(x!.dataId);
    return { dataId: x!.dataId, shape: x!.shape, dtype: x!.dtype };
  },
});
