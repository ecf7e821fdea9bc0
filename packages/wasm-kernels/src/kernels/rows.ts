import type { Tensor } from '@tensorflow/tfjs-core';
import { heapView, tensorMemory, withScratch } from '../memory/heap.ts';

/** What every atom has of its own, or all have in common: a tensor of as many numbers as there are atoms, or of one. */
export type Row = Tensor;

/** The numbers of rows, an atom each. */
export function rowValues(rows: readonly Row[], atoms: number): Float32Array[] {
  return rows.map((row) => {
    if (row.dtype !== 'float32' || (row.size !== 1 && row.size !== atoms))
      throw new RangeError(
        `rows: expected float32 tensors of 1 or ${atoms} numbers, got ${row.dtype} [${row.shape}]`,
      );
    const values = heapView(row) as Float32Array;
    return Float32Array.from({ length: atoms }, (_, atom) => values[row.size === 1 ? 0 : atom]!);
  });
}

/** Lends rows to a kernel, one behind the other, each with its atoms four times over: so it meets vectors of four. */
export function withRows(rows: readonly Float32Array[], atoms: number, f: (address: number) => void): void {
  withScratch(rows.length * 16 * atoms, (scratch) => {
    const pattern = new Float32Array(tensorMemory().buffer, scratch, rows.length * 4 * atoms);
    rows.forEach((row, index) => {
      for (let turn = 0; turn < 4; turn++) pattern.set(row, (4 * index + turn) * atoms);
    });
    f(scratch);
  });
}

/** Refuses tensors that are not float32, or not of one shape; gives its last axis, the atoms. */
export function requireAlike(first: Tensor, second: Tensor): number {
  const alike =
    first.shape.length === second.shape.length &&
    first.shape.every((size, axis) => size === second.shape[axis]);
  if (!alike || first.dtype !== 'float32' || second.dtype !== 'float32')
    throw new RangeError(
      `expected two float32 tensors of one shape, got ${first.dtype} [${first.shape}] and ${second.dtype} [${second.shape}]`,
    );
  return first.shape.at(-1) ?? 1;
}
