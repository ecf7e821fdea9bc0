import type { Tensor } from '@tensorflow/tfjs-core';
import { heapView, tensorMemory, withScratch } from '../memory/heap.ts';

/** What every atom has of its own, or all have in common: a tensor of as many numbers as there are atoms, or of one. */
export type Row = Tensor;

/** The numbers of rows, an atom each; or one of each where all are alike for all atoms. */
export function rowValues(rows: readonly Row[], atoms: number): Float32Array[] {
  const length = rows.every(({ size }) => size === 1) ? 1 : atoms;
  return rows.map((row) => {
    if (row.dtype !== 'float32' || (row.size !== 1 && row.size !== atoms))
      throw new RangeError(
        `rows: expected float32 tensors of 1 or ${atoms} numbers, got ${row.dtype} [${row.shape}]`,
      );
    const values = heapView(row) as Float32Array;
    return row.size === length ? values.slice() : new Float32Array(length).fill(values[0]!);
  });
}

/**
 * Lends rows to a kernel, one behind the other, each so many times over that it meets vectors of four: `period` numbers.
 */
export function withRows(rows: readonly Float32Array[], f: (address: number, period: number) => void): void {
  const atoms = rows[0]!.length;
  const turns = atoms % 4 === 0 ? 1 : atoms % 2 === 0 ? 2 : 4;
  const period = turns * atoms;
  withScratch(4 * rows.length * period, (scratch) => {
    const pattern = new Float32Array(tensorMemory().buffer, scratch, rows.length * period);
    rows.forEach((row, index) => {
      for (let turn = 0; turn < turns; turn++) pattern.set(row, index * period + turn * atoms);
    });
    f(scratch, period);
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
