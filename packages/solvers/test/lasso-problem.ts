import * as tf from '@tensorflow/tfjs-core';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d, dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { convolutionMatrix } from './reference/convolution.ts';
import { drawLasso, type Lasso } from './reference/lasso.ts';

/** The same lasso on the device and, example by example, on the host. */
export function lassoProblem(weight = 0.2, [features, count, batch] = [12, 20, 3], seed = 3) {
  const drawn = drawLasso(features!, count!, batch!, seed);
  const problem = {
    operator: dense(tf.tensor2d(drawn.atoms, [features!, count!])),
    prior: l1(weight),
    likelihood: gaussian(),
  };
  const y = tf.tensor2d(drawn.y, [batch!, features!]);
  // What float32 makes of the weight is what the device works with.
  const references = Array.from(
    { length: batch! },
    (_, b): Lasso => ({
      atoms: drawn.atoms,
      features: features!,
      count: count!,
      y: drawn.y.slice(b * features!, (b + 1) * features!),
      weight: Math.fround(weight),
    }),
  );
  return { problem, y, references };
}

/** A convolutional lasso, stride 2 and 2 channels, on the device and, as a dense one, on the host. */
export function convolutionalProblem(weight = 0.2) {
  const [time, channels, atoms, positions, stride] = [5, 2, 3, 9, 2];
  const drawn = drawLasso(time * channels, atoms, 1, 8);
  const matrix = convolutionMatrix(drawn.atoms, [time, channels, atoms], positions, stride);
  const y = Float32Array.from(drawLasso(matrix.features, 4, 1, 9).y);
  const problem = {
    operator: conv1d(tf.tensor3d(drawn.atoms, [time, channels, atoms]), { stride }),
    prior: l1(weight),
    likelihood: gaussian(),
  };
  return {
    problem,
    y: tf.tensor3d(y, [1, matrix.features / channels, channels]),
    references: [{ ...matrix, y, weight: Math.fround(weight) } satisfies Lasso],
  };
}

/** The rows of codes `[batch, atoms]`. */
export async function rows(code: tf.Tensor): Promise<Float32Array[]> {
  const values = (await code.data()) as Float32Array;
  const width = code.size / code.shape[0]!;
  return Array.from({ length: code.shape[0]! }, (_, b) => values.slice(b * width, (b + 1) * width));
}

/** ‖a − b‖ / ‖b‖ */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    size += b[i]! ** 2;
  }
  return Math.sqrt(difference / Math.max(size, 1e-300));
}
