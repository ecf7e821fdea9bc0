import * as tf from '@tensorflow/tfjs-core';
import {
  type BackendProvider,
  importOptional,
  isRegistered,
  type MissingBackend,
  messageOf,
  missing,
  type PresentBackend,
  present,
} from './backend.ts';

const packages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

const remedy =
  'npm install @tensorflow/tfjs-node@4.22 (or tfjs-node-gpu, with CUDA 11.2); it downloads the TensorFlow C library, and ' +
  'needs Node 22 or earlier';

/** The backend of tfjs-node, as far as it is used here. */
interface NodeBackend {
  readonly binding: { readonly TF_Version: string };
  readonly isGPUPackage: boolean;
  readonly isUsingGpuDevice: boolean;
}

/** TensorFlow's C library, where the user has installed it: with CUDA if it can be, else on all cores. */
export const tensorflow: BackendProvider = Object.freeze({
  name: 'tensorflow',
  async find(): Promise<PresentBackend | MissingBackend> {
    if (typeof process === 'undefined')
      return missing('a browser has no TensorFlow C library', 'use webgpu or wasm');
    // A program that has loaded a build of its own need not have it where this package would look.
    if (isRegistered('tensorflow')) return describe();
    const failures: string[] = [];
    for (const name of packages) {
      try {
        if (!(await imported(name))) continue;
        // It brings its own dependency on tfjs-core, and registers itself with the copy that it finds.
        if (isRegistered('tensorflow')) return describe();
        failures.push(
          `${name} has registered with another copy of @tensorflow/tfjs-core: install the same version, 4.22`,
        );
      } catch (error) {
        failures.push(`${name} is installed but does not load: ${messageOf(error)}`);
      }
    }
    return missing(failures.join('; ') || `neither ${packages.join(' nor ')} is installed`, remedy);
  },
});

/** Loads a package that makes itself the backend in use as it is loaded, and puts back the one that was. */
async function imported(name: string): Promise<boolean> {
  const before = tf.getBackend();
  const found = (await importOptional(name)) !== undefined;
  if (before) await tf.setBackend(before);
  return found;
}

function describe(): PresentBackend {
  const { binding, isGPUPackage, isUsingGpuDevice } = tf.findBackend('tensorflow') as unknown as NodeBackend;
  const device = isUsingGpuDevice ? 'CUDA' : isGPUPackage ? 'CPU, for want of a CUDA device' : 'CPU';
  return present(`TensorFlow ${binding.TF_Version}, ${device}`);
}
