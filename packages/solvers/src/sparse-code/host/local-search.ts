import type { CodeSpace } from '../code-space.ts';
import type { Changes } from '../stretch.ts';
import { type ActiveSet, solveActiveSet } from './active-set.ts';
import { subtract } from './correlate.ts';

/** The most entries that are solved for together. */
const LARGEST_SET = 16;

/** A stretch while it is searched: its code `[positions, atoms]`, and Aᵀ (y − A x) there, kept up with it. */
export interface LocalSearch {
  readonly space: CodeSpace;
  readonly code: Float64Array;
  readonly correlation: Float64Array;
}

/** Adds to an entry; one beside the stretch is only felt within it. */
export function move(
  { space, code, correlation }: LocalSearch,
  position: number,
  atom: number,
  by: number,
): void {
  const { atoms } = space.bank;
  subtract(space, correlation, { position, atom, value: by });
  if (position >= 0 && position * atoms < code.length) code[position * atoms + atom]! += by;
}

/**
 * Makes an entry and those around it that are not zero optimal together, or the entry alone.
 *
 * @returns which positions changed; undefined where float64 has no better values
 */
export function improve(local: LocalSearch, worst: number): Changes | undefined {
  return moveTo(local, neighbours(local, worst)) ?? moveTo(local, [worst]);
}

/** An entry and those that are not zero and interact with it, the nearest ones. */
function neighbours({ space, code }: LocalSearch, worst: number): number[] {
  const { atoms } = space.bank;
  const found = [worst];
  const centre = Math.floor(worst / atoms);
  for (let distance = 0; distance <= space.reach; distance++) {
    for (const position of distance === 0 ? [centre] : [centre - distance, centre + distance]) {
      for (let atom = 0; atom < atoms; atom++) {
        const entry = position * atoms + atom;
        if (position < 0 || entry >= code.length || code[entry] === 0 || entry === worst) continue;
        if (found.length === LARGEST_SET) return found;
        found.push(entry);
      }
    }
  }
  return found;
}

function moveTo(local: LocalSearch, entries: readonly number[]): Changes | undefined {
  const { code, space } = local;
  const { atoms } = space.bank;
  const set = activeSet(local, entries);
  solveActiveSet(set);
  let [first, last] = [code.length, -1];
  entries.forEach((entry, index) => {
    const value = set.values[index]!;
    const by = value - code[entry]!;
    if (by === 0) return;
    const position = Math.floor(entry / atoms);
    move(local, position, entry % atoms, by);
    // Not the sum, which may be a rounding away from zero.
    code[entry] = value;
    [first, last] = [Math.min(first, position), Math.max(last, position)];
  });
  return last < 0 ? undefined : { first, last };
}

function activeSet({ space, code, correlation }: LocalSearch, entries: readonly number[]): ActiveSet {
  const { bank, reach, gram, above, below } = space;
  const { atoms } = bank;
  const size = entries.length;
  const between = new Float64Array(size * size);
  entries.forEach((one, i) => {
    entries.forEach((other, j) => {
      const lag = Math.floor(other / atoms) - Math.floor(one / atoms);
      const row = (one % atoms) * (2 * reach + 1) + reach + lag;
      if (Math.abs(lag) <= reach) between[i * size + j] = gram[row * atoms + (other % atoms)]!;
    });
  });
  const values = Float64Array.from(entries, (entry) => code[entry]!);
  // An entry at zero goes where it is pulled.
  const sides = Float64Array.from(entries, (entry) => Math.sign(code[entry]! || correlation[entry]!));
  const pull = Float64Array.from(entries, (entry, index) => {
    const weight = sides[index]! > 0 ? above[entry % atoms]! : -below[entry % atoms]!;
    return correlation[entry]! - weight;
  });
  return { gram: between, pull, sides, values };
}
