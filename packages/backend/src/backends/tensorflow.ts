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

/** TensorFlow's C library, where the user has installed it: with CUDA if it can be, else on all cores. */
export const tensorflow: BackendProvider = Object.freeze({
  name: 'tensorflow',
  async find(): Promise<PresentBackend | MissingBackend> {
    if (typeof process === 'undefined')
      return missing('a browser has no TensorFlow C library', 'use webgpu or wasm');
    const failures: string[] = [];
    for (const name of packages) {
      try {
        if (!(await importOptional(name))) continue;
        // It brings its own dependency on tfjs-core, and registers itself with the copy that it finds.
        if (isRegistered('tensorflow')) return present(`TensorFlow C library (${name})`);
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
