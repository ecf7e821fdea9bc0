import { encodeStretch } from '@unrolled/wasm-kernels';
import type { CodeSpace } from '../code-space.ts';
import type { FistaSteps } from '../fista-steps.ts';
import type { Kept, Stretch, StretchEncoder } from '../stretch.ts';
import { wasmTables } from './tables.ts';

/** Numbers of a code that the second cache holds five times over. */
const CACHE = 1 << 16;

/** `hostEncoder` in float32 on the wasm backend; undefined where another one is in use. */
export function wasmEncoder(space: CodeSpace, { step, momenta }: FistaSteps): StretchEncoder | undefined {
  const tables = wasmTables(space, step);
  if (!tables) return undefined;
  const { length, channels, atoms, stride } = space.bank;
  const rounded = Float32Array.from(momenta);
  return Object.freeze({
    capacity: Math.ceil(CACHE / atoms),
    encode: ({ signal, from, to }: Stretch, kept: Kept) => {
      const found = encodeStretch(tables.here(), {
        signal: signal.subarray(from * stride * channels, ((to - 1) * stride + length) * channels),
        positions: to - from,
        first: kept.from - from,
        end: kept.to - from,
        momenta: rounded,
        measure: kept.measure,
      });
      const positions = found.positions.map((position) => position + from);
      return { events: { ...found, positions }, violation: found.violation, updates: found.updates };
    },
    dispose: tables.dispose,
  });
}
