import { multiplyAdd } from '../simd';
import { aligned, BLOCK, blocksOf, CodeSpace, rowBytes } from './code-space';
import { correlate, correlateScratch } from './correlate';
import { writeEvents } from './events';
import { append, apron, ENTRY, scatter } from './scatter';
import { worstOf } from './violation';

// FISTA in code space on a stretch: the gradient Aᵀ y − G z takes the entries of z that are not zero out of Aᵀ y, and blocks where
// nothing is, or can come to be, are passed over. Filters, Gram and weights of the space are those of the problem times the step.

/** A stretch while it is encoded. */
@unmanaged
class Encoding {
  // What is told of it when it is done.
  events: i32;
  updates: i32;
  violation: f32;

  positions: i32;
  blocks: i32;
  /** Entries in the list. */
  listed: i32;
  /** Aᵀ y */
  base: usize;
  /** Aᵀ y − G z; `base` where nothing was taken out of it. */
  gradient: usize;
  /** The same for the next z, while this one is made. */
  next: usize;
  code: usize;
  z: usize;
  /** One byte a block: 1 where something was taken out of the gradient. */
  touched: usize;
  touchedNext: usize;
  /** One byte a block: MOVING where the code or z is not zero, HOT where Aᵀ y alone is beyond the weights. */
  states: usize;
  list: usize;
  unused: i32;
}

const HEAD: usize = 64;
const MOVING: u8 = 1;
const HOT: u8 = 2;

/** Blocks on either side that a block reaches. */
// @ts-ignore: decorator
@inline
function reachOfBlock(space: CodeSpace): i32 {
  return (space.reach + BLOCK - 1) / BLOCK;
}

/** Entries that a list has room for. */
function listSize(space: CodeSpace): i32 {
  return max(1024, 2 * BLOCK * space.atoms);
}

/** Bytes of work space; behind its first 64 are the events, three arrays of kept · atoms numbers. */
export function encodeStretchBytes(spaceAt: usize, positions: i32, kept: i32): usize {
  const space = changetype<CodeSpace>(spaceAt);
  const row = rowBytes(space);
  const numbers = <usize>(blocksOf(positions) * BLOCK) * row;
  const aprons = aligned(<usize>apron(space) * row);
  const flags = aligned(blocksOf(positions) + 2 * reachOfBlock(space));
  return (
    HEAD +
    aligned(<usize>kept * row * 3) +
    5 * numbers +
    4 * aprons +
    3 * flags +
    aligned(<usize>listSize(space) * ENTRY) +
    correlateScratch(space, positions)
  );
}

/**
 * @param signal the samples of the stretch, `(positions − 1) · stride + length` of them
 * @param first the first position that is kept
 * @param end the one behind the last that is kept
 * @param momenta one number an iteration
 * @param measure 1: says how far the result is from the optimum
 * @param work of `encodeStretchBytes`; begins with the events, the entries that were taken out, and the violation
 */
export function encodeStretch(
  spaceAt: usize,
  signal: usize,
  positions: i32,
  first: i32,
  end: i32,
  momenta: usize,
  iterations: i32,
  measure: i32,
  work: usize,
): void {
  const space = changetype<CodeSpace>(spaceAt);
  const encoding = changetype<Encoding>(work);
  const row = rowBytes(space);
  const events = work + HEAD;
  const capacity = (end - first) * space.atoms;
  const scratch = layOut(space, encoding, positions, events + aligned(<usize>capacity * 12));
  begin(space, encoding, signal, scratch);

  for (let t = 0; t < iterations; t++) {
    // The code that is kept follows from what is this far from it, and from nothing else.
    const around = (iterations - 1 - t + measure) * space.reach;
    const from = max(0, first - around) / BLOCK;
    const to = blocksOf(min(positions, end + around));
    const last = t == iterations - 1;
    // Behind the last position nothing is, whatever was taken out of it.
    const behind = <usize>(encoding.blocks * BLOCK - positions) * row;
    memory.fill(encoding.gradient + <usize>positions * row, 0, behind);
    encoding.listed = 0;
    const momentum = load<f32>(momenta + (<usize>t << 2));
    for (let block = from; block < to; block++) {
      if (!isAtRest(space, encoding, block)) step(space, encoding, block, momentum, last, !last || measure != 0);
    }
    flush(space, encoding);
    const gradient = encoding.gradient;
    encoding.gradient = encoding.next;
    encoding.next = gradient;
    const touched = encoding.touched;
    encoding.touched = encoding.touchedNext;
    encoding.touchedNext = touched;
  }
  encoding.events = writeEvents(encoding.code, first, end, space.atoms, events, capacity);
  encoding.violation = measure ? violationWithin(space, encoding, first, end) : 0;
}

/** Divides the work space; gives where the scratch of the analysis begins. */
function layOut(space: CodeSpace, encoding: Encoding, positions: i32, from: usize): usize {
  const row = rowBytes(space);
  const blocks = blocksOf(positions);
  const numbers = <usize>(blocks * BLOCK) * row;
  const aprons = aligned(<usize>apron(space) * row);
  const sides = reachOfBlock(space);
  const flags = aligned(blocks + 2 * sides);
  encoding.positions = positions;
  encoding.blocks = blocks;
  encoding.updates = 0;
  encoding.base = from;
  encoding.code = encoding.base + numbers;
  encoding.z = encoding.code + numbers;
  encoding.gradient = encoding.z + numbers + aprons;
  encoding.next = encoding.gradient + numbers + 2 * aprons;
  const bytes = encoding.next + numbers + aprons;
  encoding.touched = bytes + sides;
  encoding.touchedNext = encoding.touched + flags;
  encoding.states = encoding.touchedNext + flags;
  memory.fill(bytes, 0, 3 * flags);
  encoding.list = bytes + 3 * flags;
  return encoding.list + aligned(<usize>listSize(space) * ENTRY);
}

/** The code zero, and the gradient there. */
function begin(space: CodeSpace, encoding: Encoding, signal: usize, scratch: usize): void {
  const positions = encoding.positions;
  const numbers = <usize>(encoding.blocks * BLOCK) * rowBytes(space);
  const real = <usize>positions * rowBytes(space);
  correlate(space, signal, positions, encoding.base, scratch);
  memory.fill(encoding.base + real, 0, numbers - real);
  memory.copy(encoding.gradient, encoding.base, numbers);
  memory.copy(encoding.next, encoding.base, numbers);
  memory.fill(encoding.code, 0, numbers);
  memory.fill(encoding.z, 0, numbers);
  for (let block = 0; block < encoding.blocks; block++) {
    if (isBeyondWeights(space, encoding.base, block)) store<u8>(encoding.states + block, HOT);
  }
}

/** Would an entry of a block that is zero leave it? */
function isBeyondWeights(space: CodeSpace, gradient: usize, block: i32): bool {
  const period = <usize>space.atoms << 4;
  const start = gradient + <usize>block * (BLOCK / 4) * period;
  for (let at = start; at < start + (BLOCK / 4) * period; at += period) {
    for (let pattern: usize = 0; pattern < period; pattern += 16) {
      const v = v128.load(at + pattern);
      const above = f32x4.gt(v, v128.load(space.above + pattern));
      const below = f32x4.lt(v, f32x4.neg(v128.load(space.below + pattern)));
      if (v128.any_true(v128.or(above, below))) return true;
    }
  }
  return false;
}

/** Is a block zero, and stays so? */
function isAtRest(space: CodeSpace, encoding: Encoding, block: i32): bool {
  const state = load<u8>(encoding.states + block);
  const touched = load<u8>(encoding.touched + block);
  if (state & MOVING) return false;
  if (!touched) return state == 0;
  if (isBeyondWeights(space, encoding.gradient, block)) return false;
  const numbers = (<usize>space.atoms << 2) * BLOCK;
  restore(encoding.gradient + block * numbers, encoding.base + block * numbers, numbers);
  store<u8>(encoding.touched + block, 0);
  return true;
}

/** Copies a block: a call of memory.copy takes longer. */
// @ts-ignore: decorator
@inline
function restore(to: usize, from: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, v128.load(from + at));
}

/** One step of a block; lists what of it is to be taken out of the next gradient: of z, of the code after the last step. */
function step(space: CodeSpace, encoding: Encoding, block: i32, momentum: f32, last: bool, listing: bool): void {
  const period = <usize>space.atoms << 4;
  const start = <usize>block * (BLOCK / 4) * period;
  const momenta = f32x4.splat(momentum);
  const gradient = encoding.gradient, base = encoding.base, code = encoding.code, z = encoding.z;
  const listed = last ? code : z;
  let moving = f32x4.splat(0);
  let found = false;
  for (let row = start; row < start + (BLOCK / 4) * period; row += period) {
    for (let pattern: usize = 0; pattern < period; pattern += 16) {
      const at = row + pattern;
      const v = f32x4.add(v128.load(z + at), v128.load(gradient + at));
      const lifted = f32x4.pmax(v, f32x4.neg(v128.load(space.below + pattern)));
      const inside = f32x4.pmin(lifted, v128.load(space.above + pattern));
      const next = f32x4.mul(v128.load(space.slope + pattern), f32x4.sub(v, inside));
      const beyond = multiplyAdd(momenta, f32x4.sub(next, v128.load(code + at)), next);
      v128.store(code + at, next);
      v128.store(z + at, beyond);
      v128.store(gradient + at, v128.load(base + at));
      moving = v128.or(moving, v128.or(next, beyond));
      if (listing) {
        let set = i32x4.bitmask(f32x4.ne(last ? next : beyond, f32x4.splat(0)));
        if (set) {
          found = true;
          do {
            const entry = <i32>(at >> 2) + ctz(set);
            const position = entry / space.atoms;
            const value = load<f32>(listed + (<usize>entry << 2));
            append(encoding.list, encoding.listed, position, entry - position * space.atoms, value);
            encoding.listed++;
            set &= set - 1;
          } while (set);
        }
      }
    }
  }
  store<u8>(encoding.touched + block, 0);
  // −0 is zero as well: a sign alone does not move.
  const isMoving = v128.any_true(f32x4.ne(moving, f32x4.splat(0)));
  const hot = load<u8>(encoding.states + block) & HOT;
  store<u8>(encoding.states + block, hot | (isMoving ? MOVING : 0));
  if (found) {
    const sides = reachOfBlock(space);
    for (let near = block - sides; near <= block + sides; near++) store<u8>(encoding.touchedNext + near, 1);
    if (encoding.listed + BLOCK * space.atoms > listSize(space)) flush(space, encoding);
  }
}

/** Takes what is listed out of the next gradient. */
function flush(space: CodeSpace, encoding: Encoding): void {
  scatter(space, encoding.next, encoding.list, encoding.listed);
  encoding.updates += encoding.listed;
  encoding.listed = 0;
}

/** The largest violation of the entries that are kept; writes over the code. */
function violationWithin(space: CodeSpace, encoding: Encoding, first: i32, end: i32): f32 {
  const row = rowBytes(space);
  const from = first / BLOCK;
  const to = blocksOf(end);
  // What is not kept is put at rest.
  clear(encoding, <usize>(from * BLOCK) * row, <usize>first * row);
  clear(encoding, <usize>end * row, <usize>(to * BLOCK) * row);
  const period = <usize>space.atoms << 4;
  let violation: f32 = 0;
  for (let block = from; block < to; block++) {
    const start = <usize>block * (BLOCK / 4) * period;
    for (let at = start; at < start + (BLOCK / 4) * period; at += period) {
      for (let pattern: usize = 0; pattern < period; pattern += 16) {
        // The ridge pulls as well: slope = 1 / (1 + ridge).
        const ridge = f32x4.sub(f32x4.div(f32x4.splat(1), v128.load(space.slope + pattern)), f32x4.splat(1));
        const pull = encoding.gradient + at + pattern;
        v128.store(pull, f32x4.sub(v128.load(pull), f32x4.mul(ridge, v128.load(encoding.code + at + pattern))));
      }
    }
    violation = max(violation, worstOf(space, encoding.gradient, encoding.code, block));
  }
  return violation;
}

function clear(encoding: Encoding, from: usize, to: usize): void {
  memory.fill(encoding.gradient + from, 0, to - from);
  memory.fill(encoding.code + from, 0, to - from);
}
