import { multiplyAdd } from './simd';

// The entries of a code that are not 0, position by position, and what is done with them: most of a sparse code is zeros, and
// those take a look each, four at a time.

/** Bytes of an entry: its value, and its atom. */
const ENTRY: usize = 8;

/** Bytes that the entries of so many positions take, with the addresses at which those of each position end. */
export function entryBytes(positions: i32, atoms: i32): usize {
  return <usize>positions * (<usize>atoms * ENTRY + 4);
}

/**
 * Lists the entries of `positions` positions that are not 0 from `entries` on, and for each position where its own end.
 *
 * @returns how many there are; or some number above `most` where there are more
 */
export function collect(
  x: usize,
  positions: i32,
  atoms: i32,
  most: i32,
  entries: usize,
  ends: usize,
): i32 {
  const zero = f32x4.splat(0);
  const limit = entries + <usize>most * ENTRY;
  let to = entries;
  for (let position = 0; position < positions; position++) {
    let atom = 0;
    for (; atom + 16 <= atoms; atom += 16) {
      const a = v128.load(x);
      const b = v128.load(x, 16);
      const c = v128.load(x, 32);
      const d = v128.load(x, 48);
      if (v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) {
        let some =
          i32x4.bitmask(f32x4.ne(a, zero)) |
          (i32x4.bitmask(f32x4.ne(b, zero)) << 4) |
          (i32x4.bitmask(f32x4.ne(c, zero)) << 8) |
          (i32x4.bitmask(f32x4.ne(d, zero)) << 12);
        while (some) {
          const index = ctz(some);
          store<f32>(to, load<f32>(x + (<usize>index << 2)));
          store<i32>(to, atom + index, 4);
          to += ENTRY;
          some &= some - 1;
        }
      }
      x += 64;
    }
    for (; atom < atoms; atom++, x += 4) {
      const value = load<f32>(x);
      if (value != 0) {
        store<f32>(to, value);
        store<i32>(to, atom, 4);
        to += ENTRY;
      }
    }
    store<usize>(ends + (<usize>position << 2), to);
    if (to > limit) break;
  }
  return <i32>((to - entries) / ENTRY);
}

/** patch[t] = Σ value · filters[atom, t] over the entries from `first` to `end`; `size` numbers, a multiple of eight. */
export function sumFilters(first: usize, end: usize, filters: usize, size: i32, patch: usize): void {
  const pitch = <usize>size << 2;
  const to = patch + pitch;
  while (patch + 128 <= to) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let e = a;
    let f = a;
    let g = a;
    let h = a;
    for (let entry = first; entry < end; entry += ENTRY) {
      const factor = v128.load32_splat(entry);
      const from = filters + <usize>load<i32>(entry, 4) * pitch;
      a = multiplyAdd(factor, v128.load(from), a);
      b = multiplyAdd(factor, v128.load(from, 16), b);
      c = multiplyAdd(factor, v128.load(from, 32), c);
      d = multiplyAdd(factor, v128.load(from, 48), d);
      e = multiplyAdd(factor, v128.load(from, 64), e);
      f = multiplyAdd(factor, v128.load(from, 80), f);
      g = multiplyAdd(factor, v128.load(from, 96), g);
      h = multiplyAdd(factor, v128.load(from, 112), h);
    }
    v128.store(patch, a);
    v128.store(patch, b, 16);
    v128.store(patch, c, 32);
    v128.store(patch, d, 48);
    v128.store(patch, e, 64);
    v128.store(patch, f, 80);
    v128.store(patch, g, 96);
    v128.store(patch, h, 112);
    patch += 128;
    filters += 128;
  }
  while (patch + 32 <= to) {
    let a = f32x4.splat(0);
    let b = a;
    for (let entry = first; entry < end; entry += ENTRY) {
      const factor = v128.load32_splat(entry);
      const from = filters + <usize>load<i32>(entry, 4) * pitch;
      a = multiplyAdd(factor, v128.load(from), a);
      b = multiplyAdd(factor, v128.load(from, 16), b);
    }
    v128.store(patch, a);
    v128.store(patch, b, 16);
    patch += 32;
    filters += 32;
  }
}

/** sums[atom, t] += value · patch[t] for the entries from `first` to `end`; `size` numbers, a multiple of four. */
export function addPatch(first: usize, end: usize, patch: usize, size: i32, sums: usize): void {
  const pitch = <usize>size << 2;
  for (let entry = first; entry < end; entry += ENTRY) {
    const factor = v128.load32_splat(entry);
    const to = sums + <usize>load<i32>(entry, 4) * pitch;
    let at: usize = 0;
    for (; at + 64 <= pitch; at += 64) {
      const here = to + at;
      const from = patch + at;
      v128.store(here, multiplyAdd(factor, v128.load(from), v128.load(here)));
      v128.store(here, multiplyAdd(factor, v128.load(from, 16), v128.load(here, 16)), 16);
      v128.store(here, multiplyAdd(factor, v128.load(from, 32), v128.load(here, 32)), 32);
      v128.store(here, multiplyAdd(factor, v128.load(from, 48), v128.load(here, 48)), 48);
    }
    for (; at < pitch; at += 16)
      v128.store(to + at, multiplyAdd(factor, v128.load(patch + at), v128.load(to + at)));
  }
}
