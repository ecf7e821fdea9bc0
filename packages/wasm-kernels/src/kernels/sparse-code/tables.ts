import * as tf from '@tensorflow/tfjs-core';
import { addressOf, tensorMemory } from '../../memory/heap.ts';
import { kernels } from '../../module/kernels.ts';
import { halvedFilters } from './halved-filters.ts';

/** A convolutional lasso in code space; the tables are read now. */
export interface CodeSpaceTables {
  /** Of the filters, in samples. */
  readonly length: number;
  readonly channels: number;
  readonly atoms: number;
  /** Samples from one position of the code to the next. */
  readonly stride: number;
  /** How many positions apart entries interact: ⌈length / stride⌉ − 1. */
  readonly reach: number;
  /** `[length, channels, atoms]` */
  readonly filters: ArrayLike<number>;
  /** `[atoms, 2 · reach + 1, atoms]`: what an entry adds to the correlation around it. */
  readonly gram: ArrayLike<number>;
  /** Weights of positive entries, `[atoms]`. */
  readonly above: ArrayLike<number>;
  /** Weights of negative entries, `[atoms]`; ∞ where there are none. */
  readonly below: ArrayLike<number>;
  /** Slopes of the shrinkage, `[atoms]`. */
  readonly slope: ArrayLike<number>;
}

/** Tables on the heap of the wasm backend. */
export interface HeapTables {
  readonly tables: CodeSpaceTables;
  /** Writes the record that kernels take, RECORD bytes (`assembly/sparse-code/code-space.ts`). */
  write(address: number): void;
  dispose(): void;
}

/** As in `assembly/sparse-code/code-space.ts`. */
const MARGIN = 24;
/** Bytes of the record, and a little more: what is behind it begins at a multiple of 16. */
export const RECORD = 64;

/**
 * Puts tables on the heap of the wasm backend in use; undefined where it cannot run the kernels.
 *
 * They are one tensor, which `dispose` disposes of.
 */
export function heapTables(tables: CodeSpaceTables): HeapTables | undefined {
  const onWasm = 'wasm' in tf.backend();
  if (!onWasm || !kernels()) return undefined;
  const { atoms, reach, above, below, slope } = tables;
  const row = (value: (atom: number) => number) =>
    Float32Array.from({ length: 4 * atoms }, (_, index) => value(index % atoms));
  const halved = halvedFilters(tables.filters, tables);
  const parts = [
    halved.values,
    paddedGram(tables.gram, atoms, 2 * reach + 1),
    row((atom) => above[atom]!),
    row((atom) => below[atom]!),
    row((atom) => 1 / above[atom]!),
    row((atom) => (Number.isFinite(below[atom]!) ? 1 / below[atom]! : 1)),
    row((atom) => slope[atom]!),
  ];
  const numbers = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  const offsets: number[] = [];
  parts.reduce((offset, part) => {
    offsets.push(4 * offset);
    numbers.set(part, offset);
    return offset + part.length;
  }, 0);
  const tensor = tf.keep(tf.tensor1d(numbers));
  const { length, channels, stride } = tables;
  const sizes = [length, channels, atoms, stride, reach, halved.levels, halved.leaf];
  return Object.freeze({
    tables,
    write: (address: number) => {
      const base = addressOf(tensor);
      const record = [...sizes, ...offsets.map((offset) => base + offset)];
      new Int32Array(tensorMemory().buffer, address, record.length).set(record);
    },
    dispose: () => tensor.dispose(),
  });
}

/** The Gram with rows of zeros in front of every atom's and behind it. */
function paddedGram(gram: ArrayLike<number>, atoms: number, lags: number): Float32Array {
  const rows = lags + 2 * MARGIN;
  const padded = new Float32Array(atoms * rows * atoms);
  for (let atom = 0; atom < atoms; atom++) {
    for (let at = 0; at < lags * atoms; at++)
      padded[(atom * rows + MARGIN) * atoms + at] = gram[atom * lags * atoms + at]!;
  }
  return padded;
}
