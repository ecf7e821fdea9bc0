import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** A node of the tape, as far as it is used here. */
interface TapeNode {
  readonly kernelName: string;
  readonly saved?: readonly Tensor[];
}

/** What tfjs's engine keeps, as far as it is used here. `test/engine.test.ts` fails where a release changes it. */
interface EngineState {
  /** The tape that is being written, or played back; null where there is none. */
  activeTape: TapeNode[] | null;
  /** How many gradient computations are recording. */
  gradientDepth: number;
  /** How many kernels are running, one inside the other: inside a kernel nothing is recorded. */
  kernelDepth: number;
  activeScope: { readonly track: readonly Tensor[] } | null;
}

/** The part of the engine that its own typings call private. */
export interface Engine {
  readonly state: EngineState;
  startScope(name?: string): void;
  endScope(result?: readonly Tensor[]): void;
  runKernel(name: string, inputs: object, attributes: object): Tensor;
  runKernelFunc(call: {
    readonly inputs: { readonly [name: string]: Tensor };
    readonly forwardFunc: (backend: unknown, save: (tensors: readonly Tensor[]) => void) => Tensor[];
    readonly backwardsFunc: (
      dy: Tensor | Tensor[],
      saved: Tensor[],
    ) => { readonly [name: string]: () => Tensor };
  }): Tensor[];
  gradients(
    f: () => Tensor,
    inputs: readonly Tensor[],
    dy: Tensor | null,
    allowNoGradients: boolean,
  ): { readonly value: Tensor; readonly grads: (Tensor | undefined)[] };
}

/** tfjs's engine: one a program, whoever imported tfjs-core. */
export const engine = (): Engine => tf.engine() as unknown as Engine;

/**
 * Runs `f` as if no tape were recording and no kernel running, and puts both back afterwards: what `f` computes leaves no
 * trace on the tape outside, and gradients that it takes have a tape of their own.
 */
export function isolated<R>(f: () => R): R {
  const { state } = engine();
  const { activeTape, gradientDepth, kernelDepth } = state;
  Object.assign(state, { activeTape: null, gradientDepth: 0, kernelDepth: 0 });
  try {
    return f();
  } finally {
    // A computation that threw half-way leaves its tape behind, and with it every tensor that it saved.
    for (const { saved } of state.activeTape ?? []) tf.dispose([...(saved ?? [])]);
    Object.assign(state, { activeTape, gradientDepth, kernelDepth });
  }
}

/** Is a tape recording what runs here? */
export function isRecording(): boolean {
  const { gradientDepth, kernelDepth } = engine().state;
  return gradientDepth > 0 && kernelDepth === 0;
}

/** The tensor, or a clone where it is one that somebody else owns: results never alias what came in. */
export function fresh(tensor: Tensor, lent: readonly Tensor[]): Tensor {
  return lent.includes(tensor) ? tf.clone(tensor) : tensor;
}
