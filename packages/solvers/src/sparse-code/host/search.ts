import type { CodeSpace } from '../code-space.ts';
import type { Events } from '../events.ts';
import type { Changes, SearchedCode, Stretch, StretchSearch } from '../stretch.ts';
import { correlate } from './correlate.ts';
import { improve, type LocalSearch, move } from './local-search.ts';
import { nonZeros } from './non-zeros.ts';
import { violationOf } from './violation.ts';

/** Positions that are looked through together for the entry that is furthest from its optimum. */
const BLOCK = 32;

/**
 * Greedy coordinate descent in float64, block by block from left to right: around the worst entry of a block, all entries
 * that are not zero and interact with it are made optimal together, and whatever they disturb is looked at again.
 *
 * @param space whose ridge is in its Gram
 * @param tolerance in parts of the weight
 */
export function hostSearch(space: CodeSpace, tolerance: number): StretchSearch {
  return Object.freeze({
    capacity: 1 << 14,
    search: (stretch: Stretch, known: Events, maxUpdates: number) => {
      const local = begin(space, stretch, known);
      const found = descend(local, tolerance, maxUpdates);
      const { first, last } = found.changes;
      return {
        ...found,
        events: nonZeros(local.code, space.bank.atoms, stretch.from),
        changes: { first: first + stretch.from, last: last + stretch.from },
      };
    },
    dispose: () => {},
  });
}

function begin(space: CodeSpace, stretch: Stretch, known: Events): LocalSearch {
  const correlation = correlate(space, stretch);
  const local = { space, correlation, code: new Float64Array(correlation.length) };
  known.positions.forEach((position, index) => {
    move(local, position - stretch.from, known.atoms[index]!, known.values[index]!);
  });
  return local;
}

function descend(local: LocalSearch, tolerance: number, maxUpdates: number): Omit<SearchedCode, 'events'> {
  const { atoms } = local.space.bank;
  const { reach } = local.space;
  const positions = local.code.length / atoms;
  const dirty = new Uint8Array(Math.ceil(positions / BLOCK)).fill(1);
  const violations = new Float64Array(dirty.length);
  let changes: Changes = { first: positions, last: -1 };
  let updates = 0;
  for (let block = 0; block < dirty.length; ) {
    if (!dirty[block]) {
      block++;
      continue;
    }
    const worst = worstOf(local, block);
    violations[block] = worst.violation;
    const moved =
      worst.violation > tolerance && updates < maxUpdates ? improve(local, worst.entry) : undefined;
    if (!moved) {
      // Good, or as good as float64 makes it.
      dirty[block++] = 0;
      continue;
    }
    updates++;
    changes = { first: Math.min(changes.first, moved.first), last: Math.max(changes.last, moved.last) };
    const start = Math.floor(Math.max(0, moved.first - reach) / BLOCK);
    dirty.fill(1, start, Math.floor(Math.min(positions - 1, moved.last + reach) / BLOCK) + 1);
    block = start;
  }
  return { violation: violations.reduce((most, value) => Math.max(most, value), 0), updates, changes };
}

function worstOf({ space, code, correlation }: LocalSearch, block: number) {
  const { atoms } = space.bank;
  let [entry, violation] = [-1, 0];
  const end = Math.min(code.length, (block + 1) * BLOCK * atoms);
  for (let at = block * BLOCK * atoms; at < end; at++) {
    const found = violationOf(space, at % atoms, code[at]!, correlation[at]!);
    if (found > violation) [entry, violation] = [at, found];
  }
  return { entry, violation };
}
