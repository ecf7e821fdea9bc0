import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@unrolled/backend';
import type { Network } from '@unrolled/contracts';
import { normal } from '../tensors.ts';
import { crsaeFor, denseNetwork, trainer, windows } from './networks.ts';

/** A piece of work whose time counts. */
export interface Work {
  readonly name: string;
  /** What is alike in this takes as long per operation. */
  readonly kind: 'elementwise' | 'convolutional' | 'dense';
  /** Useful floating-point operations: those of the products and convolutions, two a multiplication and addition. */
  readonly flops: number;
  /** Makes what it needs on the backend in use. */
  prepare(): Promise<Prepared>;
}

export interface Prepared {
  /** The work, once. Ends when its result is on the host. */
  run(): Promise<void>;
  /** The kernels of it, for counting what they read and write. */
  kernels(): void;
  dispose(): void;
}

/** Two tensors go in, one comes out, and nothing of it but one number goes to the host: the device's own rates. */
function pure(
  name: string,
  kind: Work['kind'],
  size: number,
  flops: number,
  op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): Work {
  return {
    name,
    kind,
    flops,
    prepare: async () => {
      const [a, b] = [normal([size, size], 1), normal([size, size], 2)];
      const work = () => {
        // Twice, so that what starting a kernel and reading a number cost weighs less.
        const first = op(a, b);
        const second = op(first, b);
        first.dispose();
        return second;
      };
      return {
        run: async () => {
          const result = work();
          const corner = tf.slice(result, [0, 0], [1, 1]);
          result.dispose();
          await corner.data();
          corner.dispose();
        },
        kernels: () => work().dispose(),
        dispose: () => tf.dispose([a, b]),
      };
    },
  };
}

/** The encoder alone, and a step of training: forward, back, update, and what follows from the parameters. */
function network(
  name: string,
  kind: Work['kind'],
  pass: number,
  layers: number,
  make: () => Promise<{ readonly network: Network; readonly y: tf.Tensor }>,
): readonly Work[] {
  const encode: Work = {
    name: `${name}: encode`,
    kind,
    // Two maps a layer; the first synthesis, of a code of zeros, is counted too.
    flops: 2 * layers * pass,
    prepare: async () => {
      const { network: one, y } = await make();
      return {
        run: async () => {
          const code = one.encode(y);
          await code.data();
          code.dispose();
        },
        kernels: () => one.encode(y).dispose(),
        dispose: () => {
          y.dispose();
          one.dispose();
        },
      };
    },
  };
  const train: Work = {
    name: `${name}: training step`,
    kind,
    // Forward two maps a layer and one for the decoder; back two for each, one to its input and one to its parameters.
    flops: 3 * (2 * layers + 1) * pass,
    prepare: async () => {
      const { network: one, y } = await make();
      const { gradients: differentiate, update, dispose } = trainer(one, y);
      const run = async () => {
        const { value, gradients } = differentiate();
        await update(gradients);
        await value.data();
        tf.dispose([value, ...gradients.filter((gradient) => gradient !== null)]);
      };
      return {
        run,
        kernels: () => {
          const { value, gradients } = differentiate();
          tf.dispose([value, ...gradients.filter((gradient) => gradient !== null)]);
        },
        dispose: () => {
          dispose();
          y.dispose();
          one.dispose();
        },
      };
    },
  };
  return [encode, train];
}

/** CRsAE on windows `[count, length, 1]`. */
const crsaeWork = (count: number, length: number, atoms: number, filter: number, layers: number) =>
  network(
    `CRsAE, ${count} × ${length} samples, ${atoms} filters of ${filter}, ${layers} layers`,
    'convolutional',
    2 * count * (length - filter + 1) * filter * atoms,
    layers,
    async () => {
      const { signals, filters } = windows(count, length, atoms, filter);
      const made = await crsaeFor(filters, layers);
      filters.dispose();
      return { network: made as unknown as Network, y: signals };
    },
  );

const denseWork = (batch: number, features: number, atoms: number, layers: number) =>
  network(
    `dense FISTA, ${batch} × ${features} → ${atoms}, ${layers} layers`,
    'dense',
    2 * batch * features * atoms,
    layers,
    async () => ({ network: await denseNetwork(features, atoms, layers), y: normal([batch, features], 12) }),
  );

/** Small before large of its kind: what would take too long is seen coming. */
export const works: readonly Work[] = [
  pure('sum of two arrays of 64 MB', 'elementwise', 4096, 2 * 4096 ** 2, (a, b) => tf.add(a, b)),
  ...crsaeWork(32, 500, 3, 18, 30),
  ...denseWork(64, 64, 256, 16),
  pure('product of two 1024 × 1024 matrices', 'dense', 1024, 4 * 1024 ** 3, (a, b) => matMul(a, b)),
  ...denseWork(512, 256, 1024, 16),
  ...crsaeWork(16, 4000, 16, 45, 30),
];
