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
    const [simd, threads] = await Promise.all([
      tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'),
      tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT'),
    ]);
    // In Node tfjs always takes the build with one thread: many cores are used with worker threads.
    return present(`WebAssembly, ${simd ? 'SIMD' : 'no SIMD'}, ${threads ? 'threads' : '1 thread'}`);
  },
});
