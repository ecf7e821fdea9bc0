import type { Tensor } from '@tensorflow/tfjs-core';
import { addressOf, emptyOnHeap } from '../memory/heap.ts';
import { kernels } from '../module/kernels.ts';
import { requireAlike } from './rows.ts';

/**
 * Rows projected onto the probability simplex: max(v − θ, 0), θ such that the entries of a row sum to 1.
 *
 * @param v `[…, atoms]`, float32
 * @returns a fresh tensor of the shape of v; undefined where this engine cannot run the kernels
 * @throws RangeError for another type of numbers
 */
export function projectSimplex(v: Tensor): Tensor | undefined {
  const atoms = requireAlike(v, v);
  const compiled = kernels();
  if (!compiled) return undefined;
  const out = emptyOnHeap(v.shape);
  compiled.projectSimplex(addressOf(v), addressOf(out), v.size / atoms, atoms);
  return out;
}
