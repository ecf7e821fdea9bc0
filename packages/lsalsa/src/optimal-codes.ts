import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type CheckpointStore,
  type Iteration,
  type Named,
  requireAllFinite,
  requireInteger,
  requireKnownOptions,
  requireShape,
  UnrolledError,
} from '@unrolled/contracts';
import { encodeSafetensors, ndArray, parseSafetensors } from '@unrolled/formats';
import { maxIterations, solve } from '@unrolled/solvers';
import type { HostExamples } from '@unrolled/unroll';
import { digest } from './digest.ts';

/** Options of {@link optimalCodes}. */
export interface OptimalCodesOptions {
  /** Steps of the iteration: 200 of FISTA on small dictionaries, 100 of SALSA on several. */
  readonly iterations: number;
  /** Signals are solved for so many at a time, default 1000; what is done is kept. */
  readonly batchSize?: number;
  /** Where the codes of a batch are kept, by a digest of all that they follow from; default nowhere. */
  readonly store?: (key: string) => CheckpointStore;
  readonly signal?: AbortSignal;
  /** Called with the number of signals that have codes. */
  readonly onProgress?: (done: number) => void;
}

/**
 * The codes that a network should learn: those of an iteration run to convergence.
 *
 * With a store they are computed once. A batch is kept under a digest of its signals, of the iteration's name and parameters, and of the
 * number of steps: a run that was stopped goes on where it stopped, and whatever changes is computed anew. Iterations that differ in more
 * than that (momentum, say) need stores of their own.
 *
 * @param iteration an algorithm bound to a problem: `fista(problem)`, `salsa(problem, { penalty: 10 })`
 * @param signals `[examples, …]` on the host
 * @returns codes `[examples, atoms]` on the host
 * @throws NOT_FINITE, INVALID_SHAPE for signals; ABORTED; INVALID_FILE for a store that gives codes of another shape
 * @example
 * const codes = await optimalCodes(fista(problem), signals, {
 *   iterations: 200,
 *   store: (key) => fileStore(`codes/${key}.safetensors`), // of '@unrolled/unroll/node'
 * });
 */
export async function optimalCodes(
  iteration: Iteration,
  signals: HostExamples,
  options: OptimalCodesOptions,
): Promise<HostExamples> {
  requireKnownOptions('optimalCodes', options, ['iterations', 'batchSize', 'store', 'signal', 'onProgress']);
  const { iterations, batchSize = 1000, store, signal, onProgress } = options;
  requireInteger('iterations', iterations);
  requireInteger('batchSize', batchSize);
  const { data, shape } = signals;
  const examples = shape[0] ?? 0;
  const size = shape.slice(1).reduce((product, length) => product * length, 1);
  requireInteger('signals.shape[0]', examples);
  requireShape('signals.data', [data.length], [examples * size], 'numbers for its shape');
  requireAllFinite('signals', data);
  const codeShape = iteration.problem.operator.codeShape(shape);
  const width = codeShape.slice(1).reduce((product, length) => product * length, 1);
  const codes = new Float32Array(examples * width);
  // Computed once: a splitting operator is dear.
  const parameters = await iteration.parameters();
  const prepared: Iteration = {
    ...iteration,
    parameters: async () =>
      Object.fromEntries(Object.entries(parameters).map(([name, tensor]) => [name, tf.clone(tensor)])),
  };
  try {
    const subject = store && (await subjectOf(iteration.name, iterations, parameters));
    for (let start = 0; start < examples; start += batchSize) {
      const end = Math.min(start + batchSize, examples);
      const batch = data.slice(start * size, end * size);
      const kept = store?.(await digest([subject, shape.slice(1), batch]));
      const bytes = await kept?.read();
      const found = bytes
        ? readCodes(bytes, (end - start) * width)
        : await solveBatch(prepared, tf.tensor(batch, [end - start, ...shape.slice(1)]), iterations, signal);
      if (!bytes) await kept?.write(encodeSafetensors({ codes: ndArray(found, [end - start, width]) }));
      codes.set(found, start * width);
      onProgress?.(end);
    }
    return { data: codes, shape: codeShape };
  } finally {
    tf.dispose({ ...parameters });
  }
}

/** The codes of a batch, which is disposed of. */
async function solveBatch(
  iteration: Iteration,
  y: Tensor,
  iterations: number,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  try {
    const { code } = await solve(iteration, y, {
      stop: maxIterations(iterations),
      // An abort is heard at a check.
      checkEvery: Math.min(iterations, 25),
      ...(signal && { signal }),
    });
    const values = Float32Array.from(await code.data());
    code.dispose();
    return values;
  } finally {
    y.dispose();
  }
}

/** What codes follow from besides the signals. */
async function subjectOf(name: string, iterations: number, parameters: Named): Promise<string> {
  const parts: unknown[] = [name, iterations];
  for (const [key, tensor] of Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1)))
    parts.push(key, tensor.shape, await tensor.data());
  return digest(parts);
}

function readCodes(bytes: Uint8Array, size: number): Float32Array {
  const { codes } = parseSafetensors(bytes).tensors;
  if (codes?.dtype !== 'float32' || codes.data.length !== size)
    throw new UnrolledError('INVALID_FILE', `store: expected ${size} numbers of codes, got other contents`);
  return codes.data as Float32Array;
}
