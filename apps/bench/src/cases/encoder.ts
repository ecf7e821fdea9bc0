import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { crsae } from '@unrolled/crsae';
import { nesterovMomentum } from '@unrolled/solvers';
import type { Case } from '../benchmark.ts';
import { distance, normal, timed } from '../tensors.ts';

const layers = 30;
const weight = 1;

/** FISTA in plain tfjs: conv2d and conv2dTranspose as they come. */
function plainFista(y: Tensor, filters: Tensor, step: number): Tensor {
  const [batch, time] = y.shape as [number, number];
  const [length, , atoms] = filters.shape as [number, number, number];
  const places = time - length + 1;
  const kernel = tf.reshape(filters, [length, 1, 1, atoms]) as tf.Tensor4D;
  const signal = tf.reshape(y, [batch, time, 1, 1]) as tf.Tensor4D;
  let x = tf.zeros([batch, places, 1, atoms]) as tf.Tensor4D;
  let z = x;
  for (let t = 1; t <= layers; t++) {
    const last = x;
    const at = z;
    [x, z] = tf.tidy(() => {
      const residual = tf.sub(signal, tf.conv2dTranspose(at, kernel, [batch, time, 1, 1], 1, 'valid'));
      const pull = tf.conv2d(residual as tf.Tensor4D, kernel, 1, 'valid');
      const next = tf.relu(tf.sub(tf.add(at, tf.mul(step, pull)), step * weight)) as tf.Tensor4D;
      return [next, tf.add(next, tf.mul(nesterovMomentum(t), tf.sub(next, last))) as tf.Tensor4D];
    }) as [tf.Tensor4D, tf.Tensor4D];
  }
  return tf.reshape(x, [batch, places, atoms]);
}

/** Thirty layers of CRsAE on 16 windows of 2,000 samples, three templates of 45. */
export const encoderCase: Case = {
  name: 'encoder',
  about: `${layers} layers, 16 × 2,000 samples, 3 templates of 45 samples`,
  prepare: async () => {
    const start = normal([45, 1, 3], 3);
    const y = normal([16, 2000, 1], 4);
    const network = await crsae({ filters: start, weight, layers });
    const [step] = await network.variables['step']!.data();
    const ours = () => network.encode(y);
    const plain = () => tf.tidy(() => plainFista(y, network.variables['operator.filters']!, step!));
    const error = tf.tidy(() => distance(ours(), plain()));
    return {
      variants: [
        { name: 'unrolled', version: 'source', threads: 1, run: timed(ours), error },
        { name: 'tfjs', version: tf.version_core, threads: 1, run: timed(plain), error: 0 },
      ],
      dispose: () => {
        tf.dispose([start, y]);
        network.dispose();
      },
    };
  },
};
