// Stock tfjs for `pnpm bench`: a process that loads tfjs-core and its wasm backend and nothing of ours that registers kernels, so
// that "tfjs as it is" means that. It speaks the protocol of serve.py. Its networks are what a careful user of tfjs would write.
//
// tfjs-core's Node entry comes without gradients, and wasm without the gradient of conv2d's filter. Works that train get
// the gradients that @tensorflow/tfjs registers (the bundle of wasm-kernels, which is them and no more) and that one kernel, composed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { encodeNpy, parseNpy } from '@unrolled/formats';

/** Of FISTA: (t_k − 1) / t_{k+1}, k from 1. */
function momentum(t) {
  let now = 1;
  for (let k = 1; k < t; k++) now = (1 + Math.sqrt(1 + 4 * now * now)) / 2;
  return (now - 1) / ((1 + Math.sqrt(1 + 4 * now * now)) / 2);
}

/** max(v − θ, 0), or its two-sided form: both as differences of ReLUs, the fastest on wasm. */
const shrink = (v, threshold, nonNegative) =>
  nonNegative
    ? tf.relu(tf.sub(v, threshold))
    : tf.sub(tf.relu(tf.sub(v, threshold)), tf.relu(tf.sub(tf.neg(v), threshold)));

/** FISTA in an image layout `[batch, height, width, channels]`; each layer frees what it made, unless a tape looks on. */
function fista(signal, filters, { weight, step, iterations, nonNegative }, { synthesis, tidy = tf.tidy }) {
  const analyse = (y) => tf.conv2d(y, filters, 1, 'valid');
  let [x, z] = [undefined, undefined];
  for (let t = 1; t <= iterations; t++) {
    const [last, at] = [x, z];
    [x, z] = tidy(() => {
      const residual = at === undefined ? signal : tf.sub(signal, synthesis(at, filters, signal.shape));
      const pull = tf.mul(step, analyse(residual));
      const next = shrink(at === undefined ? pull : tf.add(at, pull), step * weight, nonNegative);
      return [
        next,
        last === undefined ? tf.clone(next) : tf.add(next, tf.mul(momentum(t), tf.sub(next, last))),
      ];
    });
    if (tidy === tf.tidy && last !== undefined) tf.dispose([last, at]);
  }
  if (tidy === tf.tidy) z.dispose();
  return x;
}

const transposed = (z, filters, shape) => tf.conv2dTranspose(z, filters, shape, 1, 'valid');

/** The synthesis as a convolution with the filters turned round, of the code with K − 1 zeros around it. */
function flipped(z, filters) {
  const [height, width] = filters.shape;
  const around = tf.pad(z, [
    [0, 0],
    [height - 1, height - 1],
    [width - 1, width - 1],
    [0, 0],
  ]);
  return tf.conv2d(around, tf.transpose(tf.reverse(filters, [0, 1]), [0, 1, 3, 2]), 1, 'valid');
}

const tensorOf = ({ data, shape }, as = shape) => tf.tensor(data, as, 'float32');

/** Waits for the numbers of tensors and frees them. */
async function read(tensors) {
  const result = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    const data = await tensor.data();
    result[name] = tensor.rank === 0 ? data[0] : { data: Float32Array.from(data), shape: tensor.shape };
    tensor.dispose();
  }
  return result;
}

/** A recording `[time, channels]` is an image of height 1. */
const sparseCode = (synthesis) => (arrays, options) => {
  const { y, filters } = arrays;
  const image = tensorOf(y, [1, 1, ...y.shape]);
  const kernel = tensorOf(filters, [1, ...filters.shape]);
  return async () => {
    const code = fista(image, kernel, { ...options, nonNegative: true }, { synthesis });
    const flat = tf.reshape(code, code.shape.slice(2));
    code.dispose();
    return read({ code: flat });
  };
};

/**
 * The same in polyphase form: `fold` positions of time become channels, so that a convolution with few channels is one with many.
 * Filters `[1, J, fold · channels, fold · atoms]`: tap j, row (u, i) and column (p, c) hold h[j · fold + u − p, i, c].
 */
function sparseCodePolyphase(arrays, { fold, ...options }) {
  const { y, filters } = arrays;
  const [samples, channels] = y.shape;
  const [length, , atoms] = filters.shape;
  const positions = samples - length + 1;
  if (positions % fold !== 0)
    throw new Error(`fold: expected a divisor of ${positions} positions, got ${fold}`);
  const taps = Math.ceil((length + fold - 1) / fold);
  const [rows, columns] = [fold * channels, fold * atoms];
  const folded = new Float32Array(taps * rows * columns);
  for (let phase = 0; phase < fold; phase++)
    for (let k = 0; k < length; k++)
      for (let channel = 0; channel < channels; channel++)
        for (let atom = 0; atom < atoms; atom++)
          folded[((k + phase) * channels + channel) * columns + phase * atoms + atom] =
            filters.data[(k * channels + channel) * atoms + atom];
  const blocks = positions / fold;
  const padded = new Float32Array((blocks + taps - 1) * rows);
  padded.set(y.data);
  const image = tf.tensor(padded, [1, 1, blocks + taps - 1, rows]);
  const kernel = tf.tensor(folded, [1, taps, rows, columns]);
  return async () => {
    const code = fista(image, kernel, { ...options, nonNegative: true }, { synthesis: flipped });
    const flat = tf.reshape(code, [positions, atoms]);
    code.dispose();
    return read({ code: flat });
  };
}

/** Windows `[batch, time, channels]`. */
const encoder = (arrays, options) => {
  const { windows, filters } = arrays;
  const images = tensorOf(windows, [windows.shape[0], 1, ...windows.shape.slice(1)]);
  const kernel = tensorOf(filters, [1, ...filters.shape]);
  return async () =>
    read({ code: fista(images, kernel, { ...options, nonNegative: true }, { synthesis: transposed }) });
};

const encoder2d = (synthesis) => (arrays, options) => {
  const [images, filters] = [tensorOf(arrays.images), tensorOf(arrays.filters)];
  return async () =>
    read({ code: fista(images, filters, { ...options, nonNegative: false }, { synthesis }) });
};

/** Value and gradient of a loss in one tensor. */
const gradientOf = (loss, of) => {
  const { value, grads } = tf.valueAndGrads(loss)([of]);
  return { loss: value, gradient: grads[0] };
};

const trainingStep2d = (synthesis) => (arrays, options) => {
  const [images, filters] = [tensorOf(arrays.images), tensorOf(arrays.filters)];
  const loss = (h) => {
    const code = fista(images, h, { ...options, nonNegative: false }, { synthesis, tidy: (f) => f() });
    return tf.mul(0.5 / images.shape[0], tf.sum(tf.square(tf.sub(synthesis(code, h, images.shape), images))));
  };
  return async () => read(tf.tidy(() => gradientOf(loss, filters)));
};

/** Signals `[batch, …, channels]` and codes `[batch, …, atoms]`, in one or two dimensions: the gradient of conv2d. */
function filterGradient(arrays) {
  const image = ({ shape }) => (shape.length === 3 ? [shape[0], 1, ...shape.slice(1)] : shape);
  const [signals, codes] = [arrays.signals, arrays.codes].map((array) => tensorOf(array, image(array)));
  const [, height, width, channels] = signals.shape;
  const size = [height - codes.shape[1] + 1, width - codes.shape[2] + 1, channels, codes.shape[3]];
  const zero = tf.zeros(size);
  const flat = arrays.signals.shape.length === 3 ? size.slice(1) : size;
  return async () =>
    read({
      gradient: tf.tidy(() =>
        tf.reshape(tf.grad((h) => tf.sum(tf.mul(tf.conv2d(signals, h, 1, 'valid'), codes)))(zero), flat),
      ),
    });
}

function denseUnrolled(arrays, { weight, step, iterations }) {
  const [signals, atoms] = [tensorOf(arrays.signals), tensorOf(arrays.atoms)];
  const loss = (a) => {
    let x = shrink(tf.mul(step, tf.matMul(signals, a)), step * weight, false);
    for (let layer = 1; layer < iterations; layer++) {
      const residual = tf.sub(signals, tf.matMul(x, a, false, true));
      x = shrink(tf.add(x, tf.mul(step, tf.matMul(residual, a))), step * weight, false);
    }
    const residual = tf.sub(tf.matMul(x, a, false, true), signals);
    return tf.mul(0.5 / signals.shape[0], tf.sum(tf.square(residual)));
  };
  return async () => read(tf.tidy(() => gradientOf(loss, atoms)));
}

function matMul(arrays) {
  const [a, b] = [tensorOf(arrays.a), tensorOf(arrays.b)];
  return async () => read({ product: tf.matMul(a, b, true, false) });
}

/** FISTA for the dense lasso. */
function lasso(arrays, { weight, step, iterations }) {
  const [signals, atoms] = [tensorOf(arrays.signals), tensorOf(arrays.atoms)];
  const turned = tf.transpose(atoms);
  return async () => {
    let x = tf.zeros([signals.shape[0], atoms.shape[1]]);
    let z = tf.clone(x);
    for (let t = 1; t <= iterations; t++) {
      const [last, at] = [x, z];
      [x, z] = tf.tidy(() => {
        const residual = tf.sub(signals, tf.matMul(at, turned));
        const next = shrink(tf.add(at, tf.mul(step, tf.matMul(residual, atoms))), step * weight, false);
        return [next, tf.add(next, tf.mul(momentum(t), tf.sub(next, last)))];
      });
      tf.dispose([last, at]);
    }
    z.dispose();
    return read({ code: x });
  };
}

const works = {
  'sparse-code': sparseCode(transposed),
  'sparse-code-flipped': sparseCode(flipped),
  'sparse-code-polyphase': sparseCodePolyphase,
  encoder,
  'encoder-2d': encoder2d(transposed),
  'encoder-2d-flipped': encoder2d(flipped),
  'training-step-2d': trainingStep2d(transposed),
  'training-step-2d-flipped': trainingStep2d(flipped),
  'filter-gradient-1d': filterGradient,
  'filter-gradient-2d': filterGradient,
  'dense-unrolled': denseUnrolled,
  lasso,
  'mat-mul': matMul,
};
const training = /training|gradient|dense-unrolled/;

/** The gradient of conv2d in its filter, as a conv2d with examples as channels: what tfjs-users do by hand. */
function registerFilterGradient() {
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName: 'wasm',
    kernelFunc: ({ inputs: { x, dy } }) =>
      tf.tidy(() => {
        const gradient = tf.conv2d(tf.transpose(x, [3, 1, 2, 0]), tf.transpose(dy, [1, 2, 0, 3]), 1, 'valid');
        return tf.transpose(gradient, [1, 2, 0, 3]);
      }),
  });
}

const prepared = new Map();

const actions = {
  async prepare({ as, work, arrays, options }) {
    if (training.test(work) && tf.getKernel(tf.Conv2DBackpropFilter, 'wasm') === undefined) {
      await import(
        new URL('generated/gradients.js', import.meta.resolve('@unrolled/wasm-kernels/package.json')).href
      );
      registerFilterGradient();
    }
    const loaded = Object.fromEntries(
      Object.entries(arrays).map(([name, file]) => [name, parseNpy(readFileSync(file))]),
    );
    prepared.set(as, { run: works[work](loaded, options), result: {} });
    return { version: `tfjs ${tf.version_core} wasm`, threads: 1 };
  },
  async run({ as }) {
    const entry = prepared.get(as);
    const start = performance.now();
    entry.result = await entry.run();
    return { seconds: (performance.now() - start) / 1000 };
  },
  async result({ as, folder }) {
    const [arrays, numbers] = [{}, {}];
    for (const [name, value] of Object.entries(prepared.get(as).result)) {
      if (typeof value === 'number') numbers[name] = value;
      else {
        arrays[name] = join(folder, `${as}-${name}.npy`);
        writeFileSync(arrays[name], encodeNpy({ ...value, dtype: 'float32' }));
      }
    }
    return { arrays, numbers };
  },
  async drop({ as }) {
    prepared.delete(as);
    return {};
  },
};

console.log = console.error;
await tf.setBackend('wasm');
await tf.ready();
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = await actions[request.do](request);
  } catch (error) {
    answer = { error: error.message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
