import * as tf from '@tensorflow/tfjs-core';
import { type Iteration, type Named, type Problem, type Random, requireShape } from '@unrolled/contracts';
import type { Subject } from '../conform.ts';
import { type HostTensor, read, sizeOf } from '../shared/host.ts';
import { withInputs } from '../shared/operation.ts';

/** An iteration, bound to a problem, to be examined. */
export interface IterationSubject extends Subject {
  readonly iteration: Iteration;
  /** The shape of a signal, batch first. A batch of at least 2 and few numbers are best. */
  readonly signalShape: readonly number[];
  /** The signals, row by row. Default: samples of the problem's likelihood at A x with a sparse x. */
  readonly signal?: (random: Random) => ArrayLike<number>;
  /** Steps after which it has converged to `tolerance`. Default 300. */
  readonly steps?: number;
  /** ‖x − prox(x − α ∇f(x), α)‖ / ‖x‖ at the end. Default 1e-3. */
  readonly tolerance?: number;
}

/** A code of which a third is not zero. */
export function sparseCode(shape: readonly number[], random: Random): HostTensor {
  return {
    shape,
    values: Float32Array.from({ length: sizeOf(shape) }, () =>
      random.uniform() < 1 / 3 ? random.normal(0, 2) : 0,
    ),
  };
}

export function drawSignal(subject: IterationSubject, random: Random): Promise<HostTensor> {
  return drawSignalOf(subject.iteration.problem, subject, random);
}

/** Signals that a problem is about. */
export async function drawSignalOf(
  { operator, likelihood }: Problem,
  { signalShape, signal }: Pick<IterationSubject, 'signalShape' | 'signal'>,
  random: Random,
): Promise<HostTensor> {
  if (signal) {
    const values = Float32Array.from(signal(random));
    requireShape('signal(random)', [values.length], [sizeOf(signalShape)], 'the numbers of signalShape');
    return { shape: signalShape, values };
  }
  const code = sparseCode(operator.codeShape(signalShape), random);
  const eta = await withInputs({ code }, ({ code: x }) => read(() => operator.apply(x!)));
  return withInputs({ eta }, async (tensors) => {
    const sample = await likelihood.sample(tensors['eta']!, random);
    try {
      return await read(() => tf.clone(sample));
    } finally {
      sample.dispose();
    }
  });
}

/** The code after so many steps: the iteration, unrolled by hand. */
export function encode(iteration: Iteration, parameters: Named, y: tf.Tensor, steps: number): tf.Tensor {
  return tf.tidy(() => {
    const layer = iteration.bind(parameters, y);
    let state = layer.start();
    for (let t = 1; t <= steps; t++) state = layer.step(state, t);
    return tf.clone(iteration.code(state));
  });
}

/** Lends the iteration's classical parameters for as long as `f` runs. */
export async function withParameters<T>(
  iteration: Iteration,
  f: (parameters: Named) => Promise<T>,
): Promise<T> {
  const parameters = await iteration.parameters();
  try {
    return await f(parameters);
  } finally {
    tf.dispose(parameters);
  }
}
