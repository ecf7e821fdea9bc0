import type { Tensor } from '@tensorflow/tfjs-core';
import { addressOf, emptyOnHeap, heapView, withScratch } from '../memory/heap.ts';
import { kernels } from '../module/kernels.ts';

/** Three rows of `[atoms]` or scalars: how far below and above 0 entries become 0, and the slope beyond. */
export interface ShrinkageRows {
  readonly below: Tensor;
  readonly above: Tensor;
  readonly slope: Tensor;
}

/**
 * slope · (v − min(max(v, −below), above)) of v = z + step · gradient, in one pass over the memory.
 *
 * @param z `[…, atoms]`
 * @param gradient of the shape of z
 * @param step a scalar
 * @param rows `[atoms]` or scalars each
 * @returns a fresh tensor of the shape of z; undefined where this engine cannot run the kernels
 */
export function shrinkageStep(
  z: Tensor,
  gradient: Tensor,
  step: Tensor,
  { below, above, slope }: ShrinkageRows,
): Tensor | undefined {
  const compiled = kernels();
  if (!compiled) return undefined;
  const atoms = z.shape.at(-1) ?? 1;
  const out = emptyOnHeap(z.shape);
  const [from, by, to, size] = [addressOf(z), addressOf(gradient), addressOf(out), z.size];
  const length = heapView(step)[0]!;
  const values = [below, above, slope].map((row) => heapView(row).slice());
  withScratch(3 * 16 * atoms, (scratch) => {
    const pattern = new Float32Array(memoryBuffer(out), scratch, 12 * atoms);
    values.forEach((row, index) => {
      for (let at = 0; at < 4 * atoms; at++)
        pattern[index * 4 * atoms + at] = row[row.length === 1 ? 0 : at % atoms]!;
    });
    compiled.shrinkageStep(from, by, to, size, atoms, length, scratch);
  });
  return out;
}

const memoryBuffer = (tensor: Tensor): ArrayBufferLike => heapView(tensor).buffer;
