import * as tf from '@tensorflow/tfjs-core';
import { type BackendProvider, importOptional, isRegistered, missing, present } from './backend.ts';

/** Plain JavaScript: the reference that the others are compared with. Slow. */
export const cpu: BackendProvider = Object.freeze({
  name: 'cpu',
  async find() {
    if (!isRegistered('cpu')) await importOptional('@tensorflow/tfjs-backend-cpu');
    if (!isRegistered('cpu')) {
      return missing(
        '@tensorflow/tfjs-backend-cpu is not installed',
        'npm install @tensorflow/tfjs-backend-cpu@4.22',
      );
    }
    // Its first tensor prints an advertisement for tfjs-node. `doctor` says what there is to say about that.
    Object.assign(tf.findBackend('cpu'), { firstUse: false });
    return present('JavaScript, 1 thread');
  },
});
