import type { Tensor } from '@tensorflow/tfjs-core';
import type { Iteration, Layer, Named } from '@unrolled/contracts';
import { releaseState, tidied } from '@unrolled/solvers';

/** One forward pass: an iteration, its parameters by layer, and the data. */
export interface Pass<N extends string = string, S extends string = string> {
  readonly iteration: Iteration<N, S>;
  readonly layers: number;
  readonly y: Tensor;
  /** The parameters of layer t, counted from 1. */
  parametersAt(layer: number): Named<N>;
  /** All layers have the same parameters: they are bound once. */
  readonly shared: boolean;
}

/**
 * The state after layers from + 1 … to. Fresh tensors; what `bind` makes belongs to the caller's scope.
 *
 * Off the tape, a state is disposed of as soon as the next one is there, so that memory does not grow with depth; on the tape
 * that is safe too, because the tape holds clones of its own.
 *
 * @param state the state after layer `from`, lent; without it the iteration's start
 */
export function runLayers<N extends string, S extends string>(
  pass: Pass<N, S>,
  from: number,
  to: number,
  state?: Named<S>,
): Named<S> {
  const { iteration, y, shared } = pass;
  const common = shared ? iteration.bind(pass.parametersAt(1), y) : undefined;
  // Bound inside the tidy of its step, a layer of its own leaves nothing behind.
  const layerAt = (layer: number): Layer<S> => common ?? iteration.bind(pass.parametersAt(layer), y);
  let current = state ?? tidied(() => layerAt(1).start());
  for (let t = from + 1; t <= to; t++) {
    const previous: Named<S> = current;
    current = tidied(() => layerAt(t).step(previous, t));
    if (previous !== state) releaseState(previous, current);
  }
  return current;
}
