import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { matMul, valueAndGradients } from '@unrolled/backend';
import { adam, type HostExamples } from '@unrolled/unroll';

/**
 * Logistic regression of features `[pictures, features]`, trained on all of them at a time until none is wrong or the steps are over:
 * weights `[features + 1, classes]`, the last row the offset.
 */
export async function trainClassifier(
  features: HostExamples,
  labels: readonly number[],
  most: number,
): Promise<{ readonly weights: HostExamples; readonly wrong: number }> {
  const size = features.shape[1]!;
  const classes = Math.max(...labels) + 1;
  const x = withOffset(features);
  const y = tf.tensor1d([...labels], 'int32');
  const target = tf.tidy(() => tf.cast(tf.oneHot(y, classes), 'float32'));
  const initial = tf.zeros([size + 1, classes]);
  const weights = tf.variable(initial);
  initial.dispose();
  const run = adam({ rate: 0.05 }).begin([weights]);
  try {
    let wrong = 1;
    for (let step = 0; step < most && wrong > 0; step++) {
      const { value, gradients } = valueAndGradients(
        () => tf.neg(tf.mean(tf.sum(tf.mul(target, tf.logSoftmax(matMul(x, weights))), 1))),
        [weights],
      );
      run.apply(gradients);
      tf.dispose([value, gradients.filter((gradient) => gradient !== null)]);
      if (step % 10 !== 9) continue;
      const share = wrongShare(x, weights, y);
      wrong = (await share.data())[0]!;
      share.dispose();
    }
    return { weights: { data: Float32Array.from(await weights.data()), shape: weights.shape }, wrong };
  } finally {
    run.dispose();
    tf.dispose([x, y, target, weights]);
  }
}

/** The share of pictures whose class is another than the most likely one by these weights. */
export async function errorRate(
  weights: HostExamples,
  features: HostExamples,
  labels: readonly number[],
): Promise<number> {
  const share = tf.tidy(() =>
    wrongShare(
      withOffset(features),
      tf.tensor(weights.data, [...weights.shape]),
      tf.tensor1d([...labels], 'int32'),
    ),
  );
  const wrong = (await share.data())[0]!;
  share.dispose();
  return wrong;
}

/** Features `[pictures, features + 1]`, the last of them 1. */
function withOffset({ data, shape }: HostExamples): Tensor {
  return tf.tidy(() => tf.concat([tf.tensor(data, [...shape]), tf.ones([shape[0]!, 1])], 1));
}

const wrongShare = (x: Tensor, weights: Tensor, y: Tensor): Tensor =>
  tf.tidy(() => tf.mean(tf.cast(tf.notEqual(tf.argMax(matMul(x, weights), 1), y), 'float32')));
