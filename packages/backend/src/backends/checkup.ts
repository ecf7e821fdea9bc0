import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { valueAndGradients } from '../engine/value-and-gradients.ts';
import { analysis1d } from '../kernels/convolution.ts';

/** How one kernel and one gradient did on the backend in use. */
export interface Checkup {
  /** Milliseconds of one analysis of 4 signals of 1000 samples in 2 channels by 4 filters of 20, warm, read-back included. */
  readonly kernelMs: number;
  /** Milliseconds of the gradient of its squared norm with respect to the filters. */
  readonly gradientMs: number;
  /** The largest error of either, relative to the largest value, against float64 on the host. */
  readonly relativeError: number;
}

const [batch, time, channels, length, atoms] = [4, 1000, 2, 20, 4];
const positions = time - length + 1;

/** Runs one kernel and one gradient on the backend in use, times them and compares them with loops in float64. */
export async function checkup(): Promise<Checkup> {
  const generator = random(0);
  const draw = (size: number) => Float32Array.from({ length: size }, () => generator.normal());
  const [signal, bank] = [draw(batch * time * channels), draw(length * channels * atoms)];
  const y = tf.tensor3d(signal, [batch, time, channels]);
  const filters = tf.tensor3d(bank, [length, channels, atoms]);
  try {
    const kernel = await timed(() => analysis1d(y, filters));
    const gradient = await timed(() => {
      const { value, gradients } = valueAndGradients(
        () => tf.sum(tf.square(analysis1d(y, filters))),
        [filters],
      );
      value.dispose();
      return gradients[0]!;
    });
    const expected = reference(signal, bank);
    return Object.freeze({
      kernelMs: kernel.ms,
      gradientMs: gradient.ms,
      relativeError: Math.max(
        relativeError(kernel.values, expected.code),
        relativeError(gradient.values, expected.gradient),
      ),
    });
  } finally {
    tf.dispose([y, filters]);
  }
}

/** The faster of two runs after one that warms up, read-back included: a queue of commands is not a result. */
async function timed(
  f: () => tf.Tensor,
): Promise<{ readonly ms: number; readonly values: ArrayLike<number> }> {
  let ms = Number.POSITIVE_INFINITY;
  let values: ArrayLike<number> = [];
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    const result = f();
    values = await result.data();
    result.dispose();
    if (run > 0) ms = Math.min(ms, performance.now() - start);
  }
  return { ms, values };
}

/** The code and the gradient by their definitions, in float64. */
function reference(signal: Float32Array, bank: Float32Array) {
  const code = new Float64Array(batch * positions * atoms);
  const gradient = new Float64Array(bank.length);
  for (let example = 0; example < batch; example++) {
    for (let position = 0; position < positions; position++) {
      // The samples that a filter sees here lie one behind the other, channels within them.
      const from = (example * time + position) * channels;
      const at = (example * positions + position) * atoms;
      for (let atom = 0; atom < atoms; atom++) {
        let sum = 0;
        for (let index = 0; index < length * channels; index++)
          sum += signal[from + index]! * bank[index * atoms + atom]!;
        code[at + atom] = sum;
        for (let index = 0; index < length * channels; index++) {
          gradient[index * atoms + atom]! += 2 * sum * signal[from + index]!;
        }
      }
    }
  }
  return { code, gradient };
}

function relativeError(values: ArrayLike<number>, expected: Float64Array): number {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // `Math.max` hands NaN on: a NaN must not pass as a small error.
  return expected.reduce(
    (most, value, index) => Math.max(most, Math.abs(values[index]! - value) / largest),
    0,
  );
}
