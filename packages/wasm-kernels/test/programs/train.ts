// A small convolutional net of plain tfjs learns to tell bars from crosses: of ours it imports this package alone, and of that
// nothing by name. Prints the loss after every step as JSON.
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '../../src/index.ts';

await tf.setBackend('wasm');
await tf.ready();

const [examples, size, classes] = [48, 12, 3];

/** The numbers of a linear congruential generator, in [−1, 1): the same in every run, and no import. */
let seed = 1;
const uniform = (): number => {
  seed = (seed * 1664525 + 1013904223) % 2 ** 32;
  return seed / 2 ** 31 - 1;
};
const drawn = (shape: number[], scale: number): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => scale * uniform()),
    shape,
  );

// Class 0: a horizontal bar; 1: a vertical one; 2: both; each somewhere, in noise.
const pixels = Float32Array.from({ length: examples * size * size }, () => 0.3 * uniform());
const labels = Int32Array.from({ length: examples }, (_, example) => example % classes);
labels.forEach((label, example) => {
  const at = 2 + Math.floor(((uniform() + 1) / 2) * (size - 4));
  for (let along = 0; along < size; along++) {
    if (label !== 1) pixels[(example * size + at) * size + along]! += 1;
    if (label !== 0) pixels[(example * size + along) * size + at]! += 1;
  }
});
const images = tf.tensor4d(pixels, [examples, size, size, 1]);
const targets = tf.oneHot(tf.tensor1d(labels, 'int32'), classes);

const weights = {
  first: tf.variable(drawn([3, 3, 1, 8], 0.4)),
  second: tf.variable(drawn([3, 3, 8, 8], 0.2)),
  dense: tf.variable(drawn([72, classes], 0.2)),
  bias: tf.variable(tf.zeros([classes])),
};

function loss(): tf.Scalar {
  const one = tf.relu(tf.conv2d(images, weights.first as tf.Tensor4D, 1, 'same')) as tf.Tensor4D;
  const two = tf.relu(tf.conv2d(tf.maxPool(one, 2, 2, 'valid'), weights.second as tf.Tensor4D, 1, 'same'));
  const features = tf.reshape(tf.maxPool(two as tf.Tensor4D, 2, 2, 'valid'), [examples, 72]);
  const scores = tf.add(tf.matMul(features, weights.dense as tf.Tensor2D), weights.bias);
  return tf.losses.softmaxCrossEntropy(targets, scores);
}

const optimizer = tf.train.adam(0.02);
const losses: number[] = [];
let tensors = 0;
for (let step = 0; step < 40; step++) {
  const value = optimizer.minimize(loss, true)!;
  losses.push((await value.data())[0]!);
  value.dispose();
  // Adam makes its moments in the first step.
  if (step === 0) tensors = tf.memory().numTensors;
}
console.log(JSON.stringify({ losses, leaked: tf.memory().numTensors - tensors }));
