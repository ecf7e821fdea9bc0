import type { CodeSpace } from '../code-space.ts';
import type { Events } from '../events.ts';
import type { Changes, Stretch, StretchCode, StretchSearch } from '../stretch.ts';
import { solveActiveSet } from './active-set.ts';
import { correlate, subtract } from './correlate.ts';
import { nonZeros } from './non-zeros.ts';
import { violationOf } from './violation.ts';

/** Positions that are looked through together for the entry that is furthest from its optimum. */
const BLOCK = 32;
/** The most entries that are solved for together: those nearest to the one that is worst. */
const LARGEST_SET = 16;

/**
 * Greedy coordinate descent in float64, block by block from left to right: around the worst entry of a block, all entries
 * that are not zero and interact with it are made optimal together, and whatever they disturb is looked at again.
 *
 * @param space whose ridge is in its Gram
 */
export function hostSearch(space: CodeSpace, tolerance: number, maxUpdates: number): StretchSearch {
  return Object.freeze({
    capacity: 1 << 14,
    search: (stretch: Stretch, known: Events) => descend(space, stretch, known, tolerance, maxUpdates),
    dispose: () => {},
  });
}

function descend(
  space: CodeSpace,
  stretch: Stretch,
  known: Events,
  tolerance: number,
  maxUpdates: number,
): StretchCode & { readonly changes: Changes } {
  const { bank, reach } = space;
  const { atoms } = bank;
  const { from, to } = stretch;
  const count = to - from;
  const size = count * atoms;
  const correlation = correlate(space, stretch);
  const code = new Float64Array(size);
  known.positions.forEach((position, index) => {
    const [atom, value] = [known.atoms[index]!, known.values[index]!];
    change(position - from, atom, value);
  });

  const blocks = Math.ceil(count / BLOCK);
  const dirty = new Uint8Array(blocks).fill(1);
  const violations = new Float64Array(blocks);
  let [updates, first, last] = [0, count, -1];
  for (let block = 0; block < blocks; ) {
    if (!dirty[block]) {
      block++;
      continue;
    }
    const worst = worstOf(block);
    violations[block] = worst.violation;
    const moved = worst.violation > tolerance && updates < maxUpdates ? improve(worst.entry) : undefined;
    // What cannot be moved is as good as float64 makes it.
    if (!moved) dirty[block++] = 0;
    else {
      updates++;
      [first, last] = [Math.min(first, moved.first), Math.max(last, moved.last)];
      const start = Math.floor(Math.max(0, moved.first - reach) / BLOCK);
      dirty.fill(1, start, Math.floor(Math.min(count - 1, moved.last + reach) / BLOCK) + 1);
      block = start;
    }
  }
  return {
    events: nonZeros(code, atoms, from),
    violation: violations.reduce((most, value) => Math.max(most, value), 0),
    updates,
    changes: { first: first + from, last: last + from },
  };

  /** Adds to an entry; one beside the stretch is only felt within it. */
  function change(position: number, atom: number, by: number): void {
    subtract(space, correlation, { position, atom, value: by });
    if (position < 0 || position >= count) return;
    const entry = position * atoms + atom;
    code[entry]! += by;
  }

  function worstOf(block: number): { readonly entry: number; readonly violation: number } {
    let [entry, violation] = [-1, 0];
    const end = Math.min(size, (block + 1) * BLOCK * atoms);
    for (let at = block * BLOCK * atoms; at < end; at++) {
      const found = violationOf(space, at % atoms, code[at]!, correlation[at]!);
      if (found > violation) [entry, violation] = [at, found];
    }
    return { entry, violation };
  }

  /** Makes the worst entry and its neighbours optimal; undefined where float64 has no better values. */
  function improve(worst: number): Changes | undefined {
    return moveTo(neighbours(worst)) ?? moveTo([worst]);
  }

  /** The entries that are not zero and interact with this one, the nearest ones, and itself. */
  function neighbours(worst: number): number[] {
    const found = [worst];
    const centre = Math.floor(worst / atoms);
    for (let distance = 0; distance <= reach; distance++) {
      for (const position of distance === 0 ? [centre] : [centre - distance, centre + distance]) {
        if (position < 0 || position >= count) continue;
        for (let atom = 0; atom < atoms; atom++) {
          const entry = position * atoms + atom;
          if (code[entry] === 0 || entry === worst) continue;
          if (found.length === LARGEST_SET) return found;
          found.push(entry);
        }
      }
    }
    return found;
  }

  function moveTo(entries: readonly number[]): Changes | undefined {
    const set = entries.map((entry) => ({ entry, position: Math.floor(entry / atoms), atom: entry % atoms }));
    const { above, below, gram } = space;
    const between = new Float64Array(set.length ** 2);
    set.forEach((one, i) => {
      set.forEach((other, j) => {
        const lag = other.position - one.position;
        if (Math.abs(lag) <= reach)
          between[i * set.length + j] =
            gram[(one.atom * (2 * reach + 1) + reach + lag) * atoms + other.atom]!;
      });
    });
    const sides = Float64Array.from(
      set,
      ({ entry }) => Math.sign(code[entry]!) || Math.sign(correlation[entry]!),
    );
    const values = Float64Array.from(set, ({ entry }) => code[entry]!);
    const pull = Float64Array.from(
      set,
      ({ entry, atom }, index) => correlation[entry]! - (sides[index]! > 0 ? above[atom]! : -below[atom]!),
    );
    solveActiveSet({ gram: between, pull, sides, values });
    let [first, last] = [count, -1];
    set.forEach(({ entry, position, atom }, index) => {
      const by = values[index]! - code[entry]!;
      if (by === 0) return;
      change(position, atom, by);
      code[entry] = values[index]!;
      [first, last] = [Math.min(first, position), Math.max(last, position)];
    });
    return last < 0 ? undefined : { first, last };
  }
}
