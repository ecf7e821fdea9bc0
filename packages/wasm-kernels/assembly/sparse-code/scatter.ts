import { multiplyAdd } from '../simd';
import { BLOCK, CodeSpace, gramOf, MARGIN, rowBytes } from './code-space';

// What several entries of a code add to a correlation, taken out of it in one go: four entries that are near each other share the
// reading and the writing. Entries are three numbers each: position, atom, value.

/** Bytes of an entry. */
export const ENTRY: usize = 12;
/** Rows in front of a correlation and behind it that may be written too. */
// @ts-ignore: decorator
@inline
export function apron(space: CodeSpace): i32 {
  return space.reach + MARGIN;
}

/** Adds an entry to a list. */
// @ts-ignore: decorator
@inline
export function append(list: usize, index: i32, position: i32, atom: i32, value: f32): void {
  const entry = list + <usize>index * ENTRY;
  store<i32>(entry, position);
  store<i32>(entry, atom, 4);
  store<f32>(entry, value, 8);
}

/**
 * Takes entries out of a correlation, which has an apron in front and behind.
 *
 * @param list positions from one to the next never smaller
 */
export function scatter(space: CodeSpace, correlation: usize, list: usize, count: i32): void {
  const end = list + <usize>count * ENTRY;
  while (list < end) {
    const near =
      list + 4 * ENTRY <= end && load<i32>(list + 3 * ENTRY) - load<i32>(list) <= BLOCK;
    if (near) {
      four(space, correlation, list);
      list += 4 * ENTRY;
    } else {
      one(space, correlation, list);
      list += ENTRY;
    }
  }
}

function one(space: CodeSpace, correlation: usize, entry: usize): void {
  const row = rowBytes(space);
  const value = v128.load32_splat(entry, 8);
  let from = gramOf(space, load<i32>(entry, 4));
  let at = correlation + (load<i32>(entry) - space.reach) * row;
  // Vectors may go over the end: into the zeros behind the Gram, and into the apron.
  const end = at + <usize>(2 * space.reach + 1) * row;
  const by = f32x4.neg(value);
  for (; at < end; at += 32, from += 32) {
    v128.store(at, multiplyAdd(by, v128.load(from), v128.load(at)));
    v128.store(at, multiplyAdd(by, v128.load(from, 16), v128.load(at, 16)), 16);
  }
}

function four(space: CodeSpace, correlation: usize, entries: usize): void {
  const row = rowBytes(space);
  const first = load<i32>(entries);
  const second = load<i32>(entries + ENTRY) - first;
  const third = load<i32>(entries + 2 * ENTRY) - first;
  const fourth = load<i32>(entries + 3 * ENTRY) - first;
  const a = f32x4.neg(v128.load32_splat(entries, 8));
  const b = f32x4.neg(v128.load32_splat(entries + ENTRY, 8));
  const c = f32x4.neg(v128.load32_splat(entries + 2 * ENTRY, 8));
  const d = f32x4.neg(v128.load32_splat(entries + 3 * ENTRY, 8));
  // Each a little behind the one before it: what is in front of a Gram is zero.
  let ga = gramOf(space, load<i32>(entries, 4));
  let gb = gramOf(space, load<i32>(entries + ENTRY, 4)) - second * row;
  let gc = gramOf(space, load<i32>(entries + 2 * ENTRY, 4)) - third * row;
  let gd = gramOf(space, load<i32>(entries + 3 * ENTRY, 4)) - fourth * row;
  let at = correlation + (first - space.reach) * row;
  const end = at + <usize>(2 * space.reach + 1 + fourth) * row;
  while (at < end) {
    const low = multiplyAdd(a, v128.load(ga), v128.load(at));
    const high = multiplyAdd(a, v128.load(ga, 16), v128.load(at, 16));
    const low2 = multiplyAdd(c, v128.load(gc), f32x4.mul(b, v128.load(gb)));
    const high2 = multiplyAdd(c, v128.load(gc, 16), f32x4.mul(b, v128.load(gb, 16)));
    v128.store(at, f32x4.add(multiplyAdd(d, v128.load(gd), low), low2));
    v128.store(at, f32x4.add(multiplyAdd(d, v128.load(gd, 16), high), high2), 16);
    at += 32;
    ga += 32;
    gb += 32;
    gc += 32;
    gd += 32;
  }
}
