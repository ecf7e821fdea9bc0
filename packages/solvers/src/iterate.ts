import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { collectScope } from '@unrolled/backend';
import { type Iteration, type Named, requireSignals } from '@unrolled/contracts';
import { releaseState, tidied } from './state.ts';

/** Where an iteration stands after its t-th step. */
export interface Iterate<S extends string = string> {
  /** How many steps have been made, from 1. */
  readonly t: number;
  /** The state after them. Lent until the next turn. */
  readonly state: Named<S>;
}

/**
 * Runs an iteration step by step, for as long as the caller goes on asking.
 *
 * States are lent until the next turn: clone what has to stay. Leaving the loop by `break` or an error, or calling
 * `return()`, leaves no tensor behind; a generator that is neither finished nor returned keeps its own.
 *
 * @param iteration an algorithm bound to a problem
 * @param y signals `[batch, …]`, lent for as long as the loop runs
 * @throws INVALID_SHAPE, INVALID_DTYPE where `y` does not fit the problem's operator
 * @example
 * for await (const { t, state } of iterate(fista(problem), y)) {
 *   if (t === 100) { console.log(await state.x.data()); break; }
 * }
 */
export async function* iterate<N extends string, S extends string>(
  iteration: Iteration<N, S>,
  y: Tensor,
): AsyncGenerator<Iterate<S>, void, void> {
  requireSignals('y', y);
  iteration.problem.operator.codeShape(y.shape);
  const parameters = await iteration.parameters();
  let bound: readonly Tensor[] = [];
  let state: Named<S> | undefined;
  try {
    // What `bind` makes and closes over has to outlive every step, so no tidy can own it.
    const scope = collectScope(() => iteration.bind(parameters, y));
    const layer = scope.value;
    bound = scope.tensors;
    state = tidied(() => layer.start());
    for (let t = 1; ; t++) {
      const previous: Named<S> = state;
      state = tidied(() => layer.step(previous, t));
      releaseState(previous, state);
      yield Object.freeze({ t, state });
    }
  } finally {
    tf.dispose({ ...state, ...parameters });
    tf.dispose([...bound]);
  }
}
