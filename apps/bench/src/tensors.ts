import type { Tensor } from '@tensorflow/tfjs-core';
import { normalArray, toTensor } from './data/arrays.ts';

/** Normal numbers of a seed, as a tensor. */
export const normal = (shape: number[], seed: number): Tensor => toTensor(normalArray(shape, seed));
