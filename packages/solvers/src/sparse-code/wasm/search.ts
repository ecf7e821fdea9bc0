import { searchStretch } from '@unrolled/wasm-kernels';
import type { CodeSpace } from '../code-space.ts';
import type { Events } from '../events.ts';
import type { Stretch, StretchSearch } from '../stretch.ts';
import { wasmTables } from './tables.ts';

/** Below this tolerance the roundings of float32 count. */
const FINEST = 5e-5;
/** Numbers of a code that the second cache holds, with their correlations. */
const CACHE = 1 << 17;

/**
 * `hostSearch` in float32 on the wasm backend; undefined where another one is in use, or the tolerance is too fine.
 *
 * @param space whose ridge is in its Gram
 * @param tolerance in parts of the weight
 */
export function wasmSearch(space: CodeSpace, tolerance: number): StretchSearch | undefined {
  if (tolerance < FINEST) return undefined;
  const tables = wasmTables(space);
  if (!tables) return undefined;
  const { length, channels, atoms, stride } = space.bank;
  return Object.freeze({
    capacity: Math.ceil(CACHE / atoms),
    search: ({ signal, from, to }: Stretch, known: Events, maxUpdates: number) => {
      const found = searchStretch(tables.here(), {
        signal: signal.subarray(from * stride * channels, ((to - 1) * stride + length) * channels),
        positions: to - from,
        known: {
          positions: known.positions.map((position) => position - from),
          atoms: known.atoms,
          values: Float32Array.from(known.values),
        },
        tolerance,
        maxUpdates,
      });
      return {
        events: { ...found, positions: found.positions.map((position) => position + from) },
        violation: found.violation,
        updates: found.updates,
        changes: { first: found.first + from, last: found.last + from },
      };
    },
    dispose: tables.dispose,
  });
}
