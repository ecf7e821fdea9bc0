import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Named } from '@unrolled/contracts';

/** `tf.tidy` for a state: everything but the state itself is disposed of. */
export function tidied<S extends string>(f: () => Named<S>): Named<S> {
  return tf.tidy(() => f() as Record<string, Tensor>) as Named<S>;
}

/** Disposes of a state's tensors but those that live on in the next one. */
export function releaseState(previous: Named, next: Named): void {
  const alive = new Set(Object.values(next));
  for (const tensor of Object.values(previous)) if (!alive.has(tensor)) tensor.dispose();
}
