import * as tf from '@tensorflow/tfjs-core';
import { UnrolledError } from '@unrolled/contracts';
import { type HeapTables, heapTables } from '@unrolled/wasm-kernels';
import type { CodeSpace } from '../code-space.ts';

/** A code space on the heap of the wasm backend. */
export interface WasmTables {
  /** The tables, lent. Throws UNAVAILABLE where another backend is in use by now. */
  here(): HeapTables;
  dispose(): void;
}

/**
 * Puts a code space on the heap of the wasm backend; undefined where another one is in use.
 *
 * @param step of the iterations that it is for: filters, Gram and weights are those of the problem times the step. Default 1
 */
export function wasmTables(space: CodeSpace, step = 1): WasmTables | undefined {
  const { bank, reach, filters, gram, above, below, ridge } = space;
  const times = (values: Float64Array) => values.map((value) => step * value);
  const tables = heapTables({
    ...bank,
    reach,
    filters: times(filters),
    gram: times(gram),
    above: times(above),
    below: times(below),
    slope: ridge.map((value) => 1 / (1 + step * value)),
  });
  if (!tables) return undefined;
  const backend = tf.backend();
  return Object.freeze({
    here: () => {
      if (tf.backend() !== backend) {
        const message = `sparse solver: it was made on the wasm backend, and ${tf.getBackend()} is in use`;
        throw new UnrolledError('UNAVAILABLE', message);
      }
      return tables;
    },
    dispose: tables.dispose,
  });
}
