import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '@unrolled/contracts';
import { normal } from '../tensors.ts';
import { trainer } from './networks.ts';

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
export function pure(
  name: string,
  kind: Work['kind'],
  size: number,
  flops: number,
  op: (a: Tensor, b: Tensor) => Tensor,
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
export function network(
  name: string,
  kind: Work['kind'],
  pass: number,
  layers: number,
  make: () => Promise<{ readonly network: Network; readonly y: Tensor }>,
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
