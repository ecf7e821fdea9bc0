import type { Events } from '../events.ts';

/** The entries of a code `[positions, atoms]` that are not zero, its first position being `offset`. */
export function nonZeros(code: Float64Array, atoms: number, offset: number): Events {
  const entries: number[] = [];
  code.forEach((value, entry) => {
    if (value !== 0) entries.push(entry);
  });
  return {
    positions: Int32Array.from(entries, (entry) => offset + Math.floor(entry / atoms)),
    atoms: Int32Array.from(entries, (entry) => entry % atoms),
    values: Float64Array.from(entries, (entry) => code[entry]!),
  };
}
