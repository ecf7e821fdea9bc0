import type { Kernels } from '#kernels';
import { tensorMemory, withScratch } from '../../memory/heap.ts';
import { kernels } from '../../module/kernels.ts';
import { type HeapTables, RECORD } from './tables.ts';

/** Entries of a code that are not zero; those that a kernel gives are ascending in position, then in atom. */
export interface CodeEntries {
  readonly positions: Int32Array;
  readonly atoms: Int32Array;
  readonly values: Float32Array;
}

/** Bytes in front of the events in the work space of a kernel. */
const HEAD = 64;

/** What a kernel works on, by addresses. */
export interface StretchOnHeap {
  readonly compiled: Kernels;
  /** The record of the code space. */
  readonly space: number;
  /** One address for every array that was given. */
  readonly arrays: readonly number[];
  readonly work: number;
  /** What a kernel left at the head of its work space, every number read both ways. */
  numbers(): { readonly whole: Int32Array; readonly real: Float32Array };
  /** The events that it left behind it, in arrays of so many entries. */
  events(count: number, capacity: number): CodeEntries;
}

/**
 * Lends the record of a code space, copies of arrays and work space, all on the heap of the wasm backend, to `f`.
 *
 * @param workBytes says how much work space is needed, given the record
 */
export function withStretch<R>(
  tables: HeapTables,
  arrays: readonly (Float32Array | Int32Array)[],
  workBytes: (compiled: Kernels, space: number) => number,
  f: (stretch: StretchOnHeap) => R,
): R {
  const compiled = kernels()!;
  const given = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return withScratch(RECORD + given, (space) => {
    tables.write(space);
    let free = space + RECORD;
    const addresses = arrays.map((array) => {
      const at = free;
      const { buffer } = tensorMemory();
      if (array instanceof Float32Array) new Float32Array(buffer, at, array.length).set(array);
      else new Int32Array(buffer, at, array.length).set(array);
      free += array.byteLength;
      return at;
    });
    return withScratch(workBytes(compiled, space), (work) => {
      const { buffer } = tensorMemory();
      return f({
        compiled,
        space,
        arrays: addresses,
        work,
        numbers: () => ({
          whole: new Int32Array(buffer, work, 16),
          real: new Float32Array(buffer, work, 16),
        }),
        events: (count, capacity) => ({
          positions: new Int32Array(buffer, work + HEAD, count).slice(),
          atoms: new Int32Array(buffer, work + HEAD + 4 * capacity, count).slice(),
          values: new Float32Array(buffer, work + HEAD + 8 * capacity, count).slice(),
        }),
      });
    });
  });
}
