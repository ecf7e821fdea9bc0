import type { Tensor } from '@tensorflow/tfjs-core';
import { addressOf, emptyOnHeap } from '../memory/heap.ts';
import { kernels } from '../module/kernels.ts';
import { requireAlike } from './rows.ts';

/**
 * x + beta · (x − previous), in one pass over the memory.
 *
 * @param previous of the shape of x
 * @returns a fresh tensor; undefined where this engine cannot run the kernels
 * @throws RangeError for shapes that do not fit
 */
export function extrapolate(x: Tensor, previous: Tensor, beta: number): Tensor | undefined {
  requireAlike(x, previous);
  const compiled = kernels();
  if (!compiled) return undefined;
  const out = emptyOnHeap(x.shape);
  compiled.extrapolate(addressOf(x), addressOf(previous), addressOf(out), x.size, beta);
  return out;
}
