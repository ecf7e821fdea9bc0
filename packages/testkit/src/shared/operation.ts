import type * as tf from '@tensorflow/tfjs-core';
import type { Named, Parametric, Random } from '@unrolled/contracts';
import { type HostTensor, upload } from './host.ts';

/** Input arrays by name. */
export type Inputs = { readonly [name: string]: HostTensor };

/**
 * One public function of a part, with inputs to try it on. What laws have in common (ownership, gradients, batch
 * independence) is checked on every operation of a kind alike.
 */
export interface Operation<P> {
  /** As it is written in mathematics: `'prox(v, step)'`. */
  readonly name: string;
  readonly inputs: Inputs;
  run(part: P, inputs: Named): tf.Tensor;
  /** Has a derivative that training uses. */
  readonly differentiable?: boolean;
  /** A factor that inputs may be larger by without overflow in float32. Default 1000. */
  readonly large?: number;
  /** +∞ is an answer. */
  readonly extended?: boolean;
}

/** How the laws that all parametric things share find their way in a subject. */
export interface Kind<S, P extends Parametric> {
  part(subject: S): P;
  operations(subject: S, random: Random): Promise<readonly Operation<P>[]>;
}

/** Puts the inputs on the device for as long as `f` runs. */
export async function withInputs<T>(inputs: Inputs, f: (tensors: Named) => T | Promise<T>): Promise<T> {
  const tensors = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, upload(input)]));
  try {
    return await f(tensors);
  } finally {
    // A subject that disposes of what it was given must not break the check besides the law.
    for (const tensor of Object.values(tensors)) if (!tensor.isDisposed) tensor.dispose();
  }
}
