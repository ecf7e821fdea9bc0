import { ACTIVE_SET, add, atomAt, clear, LARGEST_SET, positionAt, prepare, sizeOf, solve, valueAt } from './active-set';
import { aligned, BLOCK, blocksOf, CodeSpace, rowBytes } from './code-space';
import { correlate, correlateScratch } from './correlate';
import { writeEvents } from './events';
import { subtract } from './subtract';
import { entryOf, worstOf } from './violation';

// Greedy coordinate descent on a stretch of a code, block by block from left to right: around the worst entry of a block, all
// entries that are not zero and interact with it are made optimal together, and whatever they disturb is looked at again.

/** A stretch while it is searched. */
@unmanaged
class Search {
  // What is told of it when it is done.
  events: i32;
  updates: i32;
  /** The first and the last position of what was changed; first > last where nothing was. */
  first: i32;
  last: i32;
  violation: f32;

  positions: i32;
  maxUpdates: i32;
  tolerance: f32;
  correlation: usize;
  code: usize;
  /** One byte a block: 1 where it has to be looked at. */
  dirty: usize;
  /** What was found when a block was last looked at, one number a block. */
  violations: usize;
  set: usize;
  /** Entries that are not zero, as many as interact with one. */
  found: usize;
}

const HEAD: usize = 64;

/** Bytes of work space; behind its first 64 are the events, three arrays of positions · atoms numbers. */
export function searchStretchBytes(spaceAt: usize, positions: i32): i32 {
  const space = changetype<CodeSpace>(spaceAt);
  const blocks = blocksOf(positions);
  const numbers = <usize>(blocks * BLOCK) * rowBytes(space);
  const events = <usize>positions * rowBytes(space) * 3;
  const found = aligned(<usize>(2 * space.reach + 1) * rowBytes(space));
  const scratch = correlateScratch(space, positions);
  return <i32>(HEAD + aligned(events) + 2 * numbers + aligned(blocks) + aligned(blocks << 2) + ACTIVE_SET + found + scratch);
}

/**
 * @param signal the samples of the stretch, `(positions − 1) · stride + length` of them
 * @param known entries where the search begins, and beside the stretch: positions (counted from its first), atoms and values
 * @param work of `searchStretchBytes`; begins with the events, updates, first, last and violation
 */
export function searchStretch(
  spaceAt: usize,
  signal: usize,
  positions: i32,
  known: usize,
  knownCount: i32,
  tolerance: f32,
  maxUpdates: i32,
  work: usize,
): void {
  const space = changetype<CodeSpace>(spaceAt);
  const search = changetype<Search>(work);
  const atoms = space.atoms;
  const blocks = blocksOf(positions);
  const numbers = <usize>(blocks * BLOCK) * rowBytes(space);
  const entries = positions * atoms;
  const events = work + HEAD;
  search.correlation = aligned(events + <usize>entries * 12);
  search.code = search.correlation + numbers;
  search.dirty = search.code + numbers;
  search.violations = aligned(search.dirty + blocks);
  search.set = aligned(search.violations + (blocks << 2));
  search.found = search.set + ACTIVE_SET;
  const scratch = aligned(search.found + <usize>(2 * space.reach + 1) * rowBytes(space));
  search.positions = positions;
  search.tolerance = tolerance;
  search.maxUpdates = maxUpdates;
  search.updates = 0;
  search.first = positions;
  search.last = -1;

  correlate(space, signal, positions, search.correlation, scratch);
  // Rows behind the last position stay at rest: nothing is ever added to them.
  memory.fill(search.correlation + (<usize>entries << 2), 0, numbers - (<usize>entries << 2));
  memory.fill(search.code, 0, numbers);
  memory.fill(search.dirty, 1, blocks);
  for (let index = 0; index < knownCount; index++) {
    const at = known + (<usize>index << 2);
    const position = load<i32>(at);
    const atom = load<i32>(at + (<usize>knownCount << 2));
    const value = load<f32>(at + (<usize>knownCount << 3));
    subtract(space, search.correlation, positions, position, atom, value);
    if (position >= 0 && position < positions) {
      store<f32>(search.code + (<usize>(position * atoms + atom) << 2), value);
    }
  }
  descend(space, search, blocks);

  let violation: f32 = 0;
  for (let block = 0; block < blocks; block++) {
    violation = max(violation, load<f32>(search.violations + (<usize>block << 2)));
  }
  search.violation = violation;
  search.events = writeEvents(search.code, 0, positions, atoms, events, entries);
}

function descend(space: CodeSpace, search: Search, blocks: i32): void {
  for (let block = 0; block < blocks; ) {
    if (!load<u8>(search.dirty + block)) {
      block++;
      continue;
    }
    const violation = worstOf(space, search.correlation, search.code, block);
    store<f32>(search.violations + (<usize>block << 2), violation);
    let start = blocks;
    if (violation > search.tolerance && search.updates < search.maxUpdates) {
      const worst = entryOf(space, search.correlation, search.code, block, violation);
      start = improve(space, search, worst);
    }
    if (start == blocks) {
      // Good, or as good as float32 makes it.
      store<u8>(search.dirty + block, 0);
      block++;
    } else {
      search.updates++;
      block = start;
    }
  }
}

/** Makes the worst entry and its neighbours optimal: the first block that feels it, all blocks where nothing could be moved. */
function improve(space: CodeSpace, search: Search, worst: i32): i32 {
  if (worst < 0) return blocksOf(search.positions);
  const position = worst / space.atoms;
  const atom = worst % space.atoms;
  clear(search.set);
  add(search.set, position, atom);
  gather(space, search, position, worst);
  const start = move(space, search);
  if (start < blocksOf(search.positions)) return start;
  clear(search.set);
  add(search.set, position, atom);
  return move(space, search);
}

/** Adds the entries that are not zero and interact with this one to the active set, the nearest ones first. */
function gather(space: CodeSpace, search: Search, position: i32, worst: i32): void {
  const atoms = space.atoms;
  const found = search.found;
  const first = max(0, position - space.reach) * atoms;
  const count = nonZerosOf(search.code, first, min(search.positions, position + space.reach + 1) * atoms, found);
  let after = 0;
  while (after < count && foundAt(found, after) < worst) after++;
  let before = after - 1;
  if (after < count && foundAt(found, after) == worst) after++;
  while (sizeOf(search.set) < LARGEST_SET && (before >= 0 || after < count)) {
    const back =
      after == count || (before >= 0 && worst - foundAt(found, before) < foundAt(found, after) - worst);
    const entry = back ? foundAt(found, before--) : foundAt(found, after++);
    add(search.set, entry / atoms, entry % atoms);
  }
}

// @ts-ignore: decorator
@inline
function foundAt(found: usize, index: i32): i32 {
  return load<i32>(found + (<usize>index << 2));
}

/** Lists the entries from `first` to `end` (exclusive) that are not zero; gives their number. */
function nonZerosOf(code: usize, first: i32, end: i32, found: usize): i32 {
  let count = 0;
  // Most are zero; the vectors over the end look at what is somebody's, and take none of it.
  for (let entry = first; entry < end; entry += 8) {
    const at = code + (<usize>entry << 2);
    if (!v128.any_true(v128.or(v128.load(at), v128.load(at, 16)))) continue;
    for (let one = entry; one < min(entry + 8, end); one++) {
      if (load<f32>(code + (<usize>one << 2)) == 0) continue;
      store<i32>(found + (<usize>count << 2), one);
      count++;
    }
  }
  return count;
}

/** Solves for the active set and moves what has to be: the first block that feels it, all blocks where nothing moved. */
function move(space: CodeSpace, search: Search): i32 {
  const set = search.set;
  const atoms = space.atoms;
  prepare(space, set, search.correlation, search.code);
  solve(set);
  let first = search.positions;
  let last = -1;
  for (let index = 0; index < sizeOf(set); index++) {
    const position = positionAt(set, index);
    const atom = atomAt(set, index);
    const at = search.code + (<usize>(position * atoms + atom) << 2);
    const value = valueAt(set, index);
    const by = value - load<f32>(at);
    if (by == 0) continue;
    store<f32>(at, value);
    subtract(space, search.correlation, search.positions, position, atom, by);
    first = min(first, position);
    last = max(last, position);
  }
  if (last < 0) return blocksOf(search.positions);
  search.first = min(search.first, first);
  search.last = max(search.last, last);
  const start = max(0, first - space.reach) / BLOCK;
  const end = min(search.positions - 1, last + space.reach) / BLOCK;
  memory.fill(search.dirty + start, 1, end - start + 1);
  return start;
}
