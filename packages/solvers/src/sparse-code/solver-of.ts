import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type ConvolutionalOperator,
  refuse,
  requireAllFinite,
  requireKnownOptions,
  requireSignals,
  throwIfAborted,
  UnrolledError,
} from '@unrolled/contracts';
import { pacer } from '../pacer.ts';
import type { SparseSolution, SparseSolveOptions, SparseSolver } from './sparse-solver.ts';
import type { Found, Pass } from './windows.ts';

/**
 * A solver that works through signals as `pass` does.
 *
 * @param name of the solver, for messages
 */
export function solverOf(
  name: string,
  operator: ConvolutionalOperator,
  pass: Pass,
  dispose: () => void,
): SparseSolver {
  const { channels, atoms } = operator.convolution;
  const positionsOf = (time: number): number => operator.codeShape([1, time, channels])[1]!;
  let disposed = false;
  const requireUse = (): void => {
    if (disposed) throw new UnrolledError('UNAVAILABLE', `${name}: this solver was disposed of`);
  };
  const finite = (found: Found): Found => {
    if (found.events.values.every(Number.isFinite)) return found;
    throw new UnrolledError('DIVERGED', `${name}: gave a code that is not finite; is its step above 2/‖A‖²?`);
  };

  return Object.freeze({
    solve: async (y: Tensor, options: SparseSolveOptions = {}): Promise<SparseSolution> => {
      requireUse();
      requireKnownOptions('solve', options, ['signal', 'onProgress']);
      throwIfAborted(options.signal);
      requireSignals('y', y);
      const shape = operator.codeShape(y.shape) as [number, number, number];
      const signals = (await y.data()) as Float32Array;
      requireMagnitudes('y', signals);
      const [batch, positions] = shape;
      const code = new Float32Array(batch * positions * atoms);
      const breathe = pacer();
      let [violation, updates] = [0, 0];
      for (let example = 0; example < batch; example++) {
        const length = signals.length / batch;
        const windows = pass(signals.subarray(example * length, (example + 1) * length), positions, true);
        let turn = windows.next();
        while (!turn.done) {
          options.onProgress?.((example + turn.value / positions) / batch);
          await breathe();
          throwIfAborted(options.signal);
          turn = windows.next();
        }
        scatter(finite(turn.value), code.subarray(example * positions * atoms), atoms);
        violation = Math.max(violation, turn.value.violation);
        updates += turn.value.updates;
      }
      return Object.freeze({ code: tf.tensor3d(code, shape), violation, updates });
    },
    events: (signal: Float32Array) => {
      requireUse();
      if (!(signal instanceof Float32Array)) refuse('signal', signal, 'a Float32Array [time × channels]');
      if (signal.length === 0 || signal.length % channels !== 0) {
        throw new UnrolledError(
          'INVALID_SHAPE',
          `signal: expected a whole number of samples of ${channels} channels, got ${signal.length} numbers`,
        );
      }
      const positions = positionsOf(signal.length / channels);
      requireMagnitudes('signal', signal);
      const windows = pass(signal, positions, false);
      let turn = windows.next();
      while (!turn.done) turn = windows.next();
      return finite(turn.value).events;
    },
    dispose: () => {
      if (!disposed) dispose();
      disposed = true;
    },
  });
}

function scatter({ events }: Found, code: Float32Array, atoms: number): void {
  events.positions.forEach((position, index) => {
    code[position * atoms + events.atoms[index]!] = events.values[index]!;
  });
}

/** Beyond this, sums and products with filters and weights may be beyond float32. */
const LARGEST = 1e18;

function requireMagnitudes(name: string, values: Float32Array): void {
  for (let index = 0; index < values.length; index++) {
    if (Math.abs(values[index]!) <= LARGEST) continue;
    requireAllFinite(name, values);
    refuse(name, values[index], 'numbers of at most 1e18 in size');
  }
}
