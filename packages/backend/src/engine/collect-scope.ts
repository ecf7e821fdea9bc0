import type { Tensor } from '@tensorflow/tfjs-core';
import { engine } from './state.ts';

/**
 * Runs `f` and says what tensors it left alive: those that it returned, and those that it kept for later in a closure.
 *
 * That is how something asynchronous owns what a synchronous part made: no tidy scope may stay open across `await`. The
 * caller disposes of `tensors`. If `f` throws, everything that it made is disposed of.
 *
 * @returns what `f` returned, and every live tensor that was made inside it, once each. Variables and kept tensors
 *   are not among them.
 *
 * @example
 * const { value: layer, tensors } = collectScope(() => iteration.bind(parameters, y));
 * try { … } finally { tf.dispose(tensors); }
 */
export function collectScope<R>(f: () => R): { readonly value: R; readonly tensors: Tensor[] } {
  const { state } = engine();
  engine().startScope('collect');
  let tensors: Tensor[] = [];
  try {
    const value = f();
    const made = new Set(state.activeScope?.track);
    tensors = [...made].filter((tensor) => !tensor.isDisposed && !(tensor as { kept?: boolean }).kept);
    return { value, tensors };
  } finally {
    // What is handed to `endScope` survives it, and belongs to the scope around this one where there is one.
    engine().endScope(tensors);
  }
}
