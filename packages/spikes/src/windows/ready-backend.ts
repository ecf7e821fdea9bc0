import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';

/** A backend by its name. */
export type Backend = NonNullable<Parameters<typeof useBackend>[0]>;

/** Starts a backend in a worker that computes for the first time; where it is in use, as in the thread that asks, nothing happens. */
export async function readyBackend(backend: Backend): Promise<void> {
  if (tf.getBackend() !== backend) await useBackend(backend);
}
