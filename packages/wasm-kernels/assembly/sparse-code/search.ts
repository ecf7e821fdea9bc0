import { analysis1d, analysis1dScratch } from '../analysis1d';
import { ACTIVE_SET, add, clear, entryAt, LARGEST_SET, prepare, sizeOf, solve, valueAt } from './active-set';
import { aligned, BLOCK, blocksOf, CodeSpace, rowBytes } from './code-space';
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
  unused0: i32;
  unused1: i32;
  unused2: i32;
}

const HEAD: usize = 64;

/** Bytes of work space; behind its first 64 are the events, three arrays of positions · atoms numbers. */
export function searchStretchBytes(spaceAt: usize, positions: i32): i32 {
  const space = changetype<CodeSpace>(spaceAt);
  const blocks = blocksOf(positions);
  const numbers = <usize>(blocks * BLOCK) * rowBytes(space);
  const events = <usize>positions * rowBytes(space) * 3;
  const scratch = analysis1dScratch(space.length, space.channels, space.atoms, space.stride);
  return <i32>(HEAD + aligned(events) + 2 * numbers + aligned(blocks) + aligned(blocks << 2) + ACTIVE_SET + scratch);
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
  const scratch = search.set + ACTIVE_SET;
  search.positions = positions;
  search.tolerance = tolerance;
  search.maxUpdates = maxUpdates;
  search.updates = 0;
  search.first = positions;
  search.last = -1;

  const time = (positions - 1) * space.stride + space.length;
  analysis1d(
    signal, space.filters, search.correlation, 1, time, positions,
    space.length, space.channels, atoms, space.stride, scratch,
  );
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
  gather(space, search, worst);
  const start = move(space, search);
  if (start < blocksOf(search.positions)) return start;
  clear(search.set);
  add(search.set, worst);
  return move(space, search);
}

/** Takes an entry and those that are not zero and interact with it, the nearest ones, as the active set. */
function gather(space: CodeSpace, search: Search, worst: i32): void {
  const set = search.set;
  const centre = worst / space.atoms;
  clear(set);
  add(set, worst);
  for (let distance = 0; distance <= space.reach; distance++) {
    if (!gatherRow(space, search, centre - distance, worst)) return;
    if (distance > 0 && !gatherRow(space, search, centre + distance, worst)) return;
  }
}

/** Takes the entries of one position; false where the active set is full. */
function gatherRow(space: CodeSpace, search: Search, position: i32, worst: i32): bool {
  if (position < 0 || position >= search.positions) return true;
  const end = (position + 1) * space.atoms;
  for (let entry = position * space.atoms; entry < end; entry++) {
    if (load<f32>(search.code + (<usize>entry << 2)) == 0 || entry == worst) continue;
    if (sizeOf(search.set) == LARGEST_SET) return false;
    add(search.set, entry);
  }
  return true;
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
    const entry = entryAt(set, index);
    const at = search.code + (<usize>entry << 2);
    const value = valueAt(set, index);
    const by = value - load<f32>(at);
    if (by == 0) continue;
    const position = entry / atoms;
    store<f32>(at, value);
    subtract(space, search.correlation, search.positions, position, entry % atoms, by);
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
