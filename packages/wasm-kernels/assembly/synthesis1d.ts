import { correlate, fewest, pack, packedBytes } from './correlate1d';
import { copyNumbers, zeroNumbers } from './numbers';
import { multiplyAdd } from './simd';
import { countNonZero, nonZeroOf } from './zeros';

// The synthesis is a correlation as well: of the code, with zeros before and behind it, with the filters turned round. Or it is a sum of
// filters, one for each entry of the code that is not 0. Both add up in the same order, and a product with 0 changes no sum: the bits
// are the same, and an example takes whichever is faster.

/** Rows of the code, one a position, that reach the same `stride` samples of the signal. */
// @ts-ignore: decorator
@inline
function tapsOf(length: i32, stride: i32): i32 {
  return (length + stride - 1) / stride;
}

/** Rows of the signal, `stride` samples each, that are made at a time. */
// @ts-ignore: decorator
@inline
function blockOf(width: i32): i32 {
  return 12 * fewest(width);
}

/** Bytes of scratch that `synthesis1d` needs. */
export function synthesis1dScratch(length: i32, channels: i32, atoms: i32, stride: i32): usize {
  const width = stride * channels;
  const taps = tapsOf(length, stride);
  const block = blockOf(width);
  const turned = taps * atoms * width;
  const transposed = length * channels * atoms;
  const code = (block + taps - 1) * atoms;
  return (
    packedBytes(width, atoms, taps * atoms) + (<usize>(turned + transposed + code + block * width) << 2)
  );
}

/**
 * out[b, m · stride + k, i] = Σ_{m, c} x[b, m, c] · filters[k, i, c], summed in the order of m, then c.
 */
export function synthesis1d(
  x: usize,
  filters: usize,
  out: usize,
  batch: i32,
  positions: i32,
  length: i32,
  channels: i32,
  atoms: i32,
  stride: i32,
  scratch: usize,
): void {
  const width = stride * channels;
  const taps = tapsOf(length, stride);
  const terms = length * channels;
  const size = ((positions - 1) * stride + length) * channels;
  const packed = scratch;
  const turned = packed + packedBytes(width, atoms, taps * atoms);
  const transposed = turned + (<usize>(taps * atoms * width) << 2);
  const code = transposed + (<usize>(terms * atoms) << 2);
  let hasPacked = false;
  let hasTransposed = false;
  for (let example = 0; example < batch; example++) {
    const entries = countNonZero(x, positions * atoms);
    // A number added to a sum in memory costs twice one added in a register, and each entry a search.
    if (<i64>entries * (2 * terms + 48) < <i64>positions * atoms * terms) {
      if (!hasTransposed) transpose(filters, terms, atoms, transposed);
      hasTransposed = true;
      zeroNumbers(out, size);
      addFilters(x, positions, atoms, transposed, terms, width, out);
    } else {
      if (!hasPacked) {
        turn(filters, taps, terms, width, atoms, turned);
        pack(turned, <isize>width << 2, 4, width, atoms, taps * atoms, packed);
      }
      hasPacked = true;
      correlateCode(x, positions, atoms, packed, taps, width, size, out, code);
    }
    x += <usize>(positions * atoms) << 2;
    out += <usize>size << 2;
  }
}

/** The synthesis of one example as a correlation, block by block of the signal. */
function correlateCode(
  x: usize,
  positions: i32,
  atoms: i32,
  packed: usize,
  taps: i32,
  width: i32,
  size: i32,
  out: usize,
  code: usize,
): void {
  const block = blockOf(width);
  const rows = positions - 1 + taps;
  const results = code + (<usize>((block + taps - 1) * atoms) << 2);
  for (let first = 0; first < rows; first += block) {
    // Row n of the signal is made of rows n − taps + 1 … n of the code.
    const left = size - first * width;
    const made = min(block, max(fewest(width), (left + width - 1) / width));
    const begin = first - taps + 1;
    const count = made + taps - 1;
    const before = min(max(-begin, 0), count);
    const inside = min(max(positions - begin, before), count);
    zeroNumbers(code, before * atoms);
    copyNumbers(
      code + (<usize>(before * atoms) << 2),
      x + (<usize>((begin + before) * atoms) << 2),
      (inside - before) * atoms,
    );
    zeroNumbers(code + (<usize>(inside * atoms) << 2), (count - inside) * atoms);
    if (left >= made * width) {
      correlate(code, packed, out + (<usize>(first * width) << 2), made, width, atoms, taps * atoms);
    } else {
      correlate(code, packed, results, made, width, atoms, taps * atoms);
      copyNumbers(out + (<usize>(first * width) << 2), results, left);
    }
  }
}

/** turned[j, c, u] = filters[(taps − 1 − j) · width + u, c], zero behind the filter's end. */
function turn(filters: usize, taps: i32, terms: i32, width: i32, atoms: i32, turned: usize): void {
  for (let tap = taps - 1; tap >= 0; tap--) {
    const first = tap * width;
    for (let atom = 0; atom < atoms; atom++) {
      for (let u = 0; u < width; u++) {
        const row = first + u;
        store<f32>(turned, row < terms ? load<f32>(filters + (<usize>(row * atoms + atom) << 2)) : 0);
        turned += 4;
      }
    }
  }
}

/** The columns of a matrix [rows, columns] one behind the other. */
function transpose(matrix: usize, rows: i32, columns: i32, to: usize): void {
  for (let column = 0; column < columns; column++) {
    let from = matrix + (<usize>column << 2);
    for (let row = 0; row < rows; row++) {
      store<f32>(to, load<f32>(from));
      from += <usize>columns << 2;
      to += 4;
    }
  }
}

/** Adds to `out`, which holds zeros, the filter of every entry that is not 0, times the entry. */
function addFilters(
  x: usize,
  positions: i32,
  atoms: i32,
  transposed: usize,
  terms: i32,
  width: i32,
  out: usize,
): void {
  const size = positions * atoms;
  for (let first = 0; first < size; first += 4) {
    for (let found = nonZeroOf(x, first, size); found != 0; found &= found - 1) {
      const index = first + ctz(found);
      const position = index / atoms;
      addFilter(
        v128.load32_splat(x + (<usize>index << 2)),
        transposed + (<usize>((index - position * atoms) * terms) << 2),
        terms,
        out + (<usize>(position * width) << 2),
      );
    }
  }
}

/** out += factor · filter, `terms` numbers: the same instruction for all of them, in the vectors' tail as well. */
// @ts-ignore: decorator
@inline
function addFilter(factor: v128, filter: usize, terms: i32, out: usize): void {
  const end = filter + (<usize>(terms & ~3) << 2);
  for (; filter < end; filter += 16, out += 16)
    v128.store(out, multiplyAdd(factor, v128.load(filter), v128.load(out)));
  if (terms & 2) {
    v128.store64_lane(out, multiplyAdd(factor, v128.load64_zero(filter), v128.load64_zero(out)), 0);
    filter += 8;
    out += 8;
  }
  if (terms & 1)
    v128.store32_lane(out, multiplyAdd(factor, v128.load32_zero(filter), v128.load32_zero(out)), 0);
}
