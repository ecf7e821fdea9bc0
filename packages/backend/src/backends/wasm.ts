import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { type BackendProvider, missing, present } from './backend.ts';

/** WebAssembly: the default, everywhere, with no native install. */
export const wasm: BackendProvider = Object.freeze({
  name: 'wasm',
  async find() {
    if (!('WebAssembly' in globalThis)) {
      return missing(
        'this JavaScript engine has no WebAssembly',
        'use Node 20 or later, or a current browser',
      );
    }
    const [simd, shared] = await Promise.all([
      tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'),
      tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT'),
    ]);
    // One thread either way. A page that is cross-origin isolated gets tfjs's build for many, whose pool has one in 4.22, whatever
    // `setThreadsCount` says (tensorflow/tfjs 8513). Many cores are used with workers.
    return present(`WebAssembly, ${simd ? 'SIMD' : 'no SIMD'}, 1 thread${shared ? ', shared memory' : ''}`);
  },
});
