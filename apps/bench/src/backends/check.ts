import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Values } from './compare.ts';

/** Something that every backend has to compute alike. */
export interface Check {
  readonly name: string;
  /** The largest relative error that float32 explains. */
  readonly tolerance: number;
  run(): Promise<Values>;
}

/** What `make` made, on the host; the tensors are disposed of. */
export async function read(make: () => { readonly [name: string]: Tensor }): Promise<Values> {
  const tensors = tf.tidy(make);
  const values: { [name: string]: Float32Array } = {};
  for (const [name, tensor] of Object.entries(tensors)) values[name] = Float32Array.from(await tensor.data());
  tf.dispose(tensors);
  return values;
}
