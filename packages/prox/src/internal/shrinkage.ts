import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Shrinkage } from '@unrolled/contracts';

/** Is this what a shrinkage is made of: one number, or one an atom? */
export const isRow = (weight: Tensor): boolean => weight.rank <= 1;

/** `tf.tidy` for a shrinkage: everything but its three rows is disposed of. */
export const shrinkageOf = (f: () => Shrinkage): Shrinkage =>
  tf.tidy(() => f() as Shrinkage & Record<string, Tensor>);
