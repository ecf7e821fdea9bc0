import { firstRow, foldOf, rowsOf } from './correlate1d';
import { copyNumbers, zeroNumbers } from './numbers';
import { multiplyAdd } from './simd';
import { countNonZero, nonZeroOf } from './zeros';

// The gradient of the filters is the product of the signal's rows, transposed, with the code,
//
//     out[r, c] = Σ_{b, m} y[b, m · width + r] · x[b, m, c],    r = 0 … terms − 1,
//
// for filters of `terms` numbers, all channels counted. Sums are float32 within a chunk of positions, and float64 over chunks.
//
// A code of mostly zeros becomes a list an atom of the entries that are not, and the part of the signal that each one meets is added.
// A dense one is taken as it is, eight numbers as two vectors: `fold` positions at once where there are fewer atoms, whose shifted sums
// are added up at the end of the chunk (see correlate1d.ts).

/** Numbers of a code that are taken at a time: they, their part of the signal and their lists stay in cache. */
const CHUNK: i32 = 8192;

/** Positions of a chunk: a whole number of folds. */
function chunkOf(atoms: i32): i32 {
  const fold = foldOf(atoms);
  return max(16, CHUNK / (atoms * fold)) * fold;
}

/** Numbers of the signal that so many folds of positions meet, those of the last rows that are computed in vain included. */
function reachOf(folds: i32, fold: i32, width: i32, terms: i32): i32 {
  return (folds * fold - 1) * width + terms + 5;
}

/** Bytes of scratch that `filterGradient1d` needs. */
export function filterGradient1dScratch(length: i32, channels: i32, atoms: i32, stride: i32): usize {
  const terms = length * channels;
  const chunk = chunkOf(atoms);
  const fold = foldOf(atoms);
  const signal = reachOf(chunk / fold, fold, stride * channels, terms);
  return (
    (<usize>(terms * atoms) << 3) +
    foldedBytes(atoms, stride * channels, terms) +
    listsBytes(atoms, chunk) +
    (<usize>signal << 2)
  );
}

/** Of the sums of a dense code, float64: eight columns a row, of every panel whole fives of rows. */
function foldedBytes(atoms: i32, width: i32, terms: i32): usize {
  const panels = (foldOf(atoms) * atoms) >> 3;
  let rows = 0;
  for (let panel = 0; panel < panels; panel++) rows += fivesOf(rowsOf(panel, atoms, width, terms));
  return <usize>rows << 6;
}

// @ts-ignore: decorator
@inline
function fivesOf(rows: i32): i32 {
  return ((rows + 4) / 5) * 5;
}

/** Of the lists, or of a dense chunk: one at a time. A list is its length and 8 bytes an entry. */
function listsBytes(atoms: i32, chunk: i32): usize {
  return <usize>atoms * (8 + (<usize>chunk << 3));
}

export function filterGradient1d(
  y: usize,
  x: usize,
  out: usize,
  batch: i32,
  time: i32,
  positions: i32,
  length: i32,
  channels: i32,
  atoms: i32,
  stride: i32,
  scratch: usize,
): void {
  const width = stride * channels;
  const terms = length * channels;
  const chunk = chunkOf(atoms);
  const fold = foldOf(atoms);
  const size = time * channels;
  const sums = scratch;
  const folded = sums + (<usize>(terms * atoms) << 3);
  const lists = folded + foldedBytes(atoms, width, terms);
  const signal = lists + listsBytes(atoms, chunk);
  memory.fill(sums, 0, lists - sums);
  let anyDense = false;
  for (let example = 0; example < batch; example++) {
    for (let first = 0; first < positions; first += chunk) {
      const count = min(chunk, positions - first);
      const from = y + (<usize>(first * width) << 2);
      const code = x + (<usize>(first * atoms) << 2);
      const entries = countNonZero(code, count * atoms);
      if (entries * 2 < count * atoms) {
        listEntries(code, count, atoms, chunk, from, width, lists);
        addListed(lists, chunk, atoms, terms, sums);
        continue;
      }
      anyDense = true;
      const folds = (count + fold - 1) / fold;
      const reached = reachOf(folds, fold, width, terms);
      const there = size - first * width;
      if (count == folds * fold && there >= reached) {
        addDense(from, code, folds, atoms, width, terms, folded);
      } else {
        // The end of an example, with zeros behind it.
        const copied = min(there, reached);
        copyNumbers(signal, from, copied);
        zeroNumbers(signal + (<usize>copied << 2), reached - copied);
        copyNumbers(lists, code, count * atoms);
        zeroNumbers(lists + (<usize>(count * atoms) << 2), (folds * fold - count) * atoms);
        addDense(signal, lists, folds, atoms, width, terms, folded);
      }
    }
    y += <usize>size << 2;
    x += <usize>(positions * atoms) << 2;
  }
  if (anyDense) unfold(folded, atoms, width, terms, sums);
  for (let index = 0; index < terms * atoms; index++)
    store<f32>(out + (<usize>index << 2), <f32>load<f64>(sums + (<usize>index << 3)));
}

/** Adds a chunk of a dense code: panels of eight columns, five rows at a time. */
function addDense(y: usize, x: usize, folds: i32, atoms: i32, width: i32, terms: i32, folded: usize): void {
  const fold = foldOf(atoms);
  const panels = (fold * atoms) >> 3;
  const yStep = <usize>(fold * width) << 2;
  const xStep = <usize>(fold * atoms) << 2;
  for (let panel = 0; panel < panels; panel++) {
    const first = firstRow(panel, atoms, width);
    const rows = rowsOf(panel, atoms, width, terms);
    for (let row = 0; row < rows; row += 5) {
      fiveRows(y + (<usize>(first + row) << 2), yStep, x + (<usize>panel << 5), xStep, folds, folded);
      folded += 5 << 6;
    }
  }
}

/** Adds the sums of a dense code where they belong: column is phase · atoms + atom, and the row is shifted by the phase. */
function unfold(folded: usize, atoms: i32, width: i32, terms: i32, sums: usize): void {
  const panels = (foldOf(atoms) * atoms) >> 3;
  for (let panel = 0; panel < panels; panel++) {
    const first = firstRow(panel, atoms, width);
    for (let lane = 0; lane < 8; lane++) {
      const column = (panel << 3) + lane;
      const phase = column / atoms;
      // The rows of the panel that this column does not have hold sums that nobody asked for.
      let from = folded + (<usize>(phase * width - first) << 6) + (<usize>lane << 3);
      let to = sums + (<usize>(column - phase * atoms) << 3);
      for (let row = 0; row < terms; row++) {
        store<f64>(to, load<f64>(to) + load<f64>(from));
        from += 64;
        to += <usize>atoms << 3;
      }
    }
    folded += <usize>fivesOf(rowsOf(panel, atoms, width, terms)) << 6;
  }
}

/** Five rows by eight columns: ten sums, as many as stay in registers beside their factors on x64. */
function fiveRows(
  y: usize,
  yStep: usize,
  x: usize,
  xStep: usize,
  folds: i32,
  sums: usize,
): void {
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let b0 = a0;
  let b1 = a0;
  let c0 = a0;
  let c1 = a0;
  let d0 = a0;
  let d1 = a0;
  let e0 = a0;
  let e1 = a0;
  for (const end = x + <usize>folds * xStep; x < end; x += xStep, y += yStep) {
    const left = v128.load(x);
    const right = v128.load(x, 16);
    let factor = v128.load32_splat(y);
    a0 = multiplyAdd(factor, left, a0);
    a1 = multiplyAdd(factor, right, a1);
    factor = v128.load32_splat(y, 4);
    b0 = multiplyAdd(factor, left, b0);
    b1 = multiplyAdd(factor, right, b1);
    factor = v128.load32_splat(y, 8);
    c0 = multiplyAdd(factor, left, c0);
    c1 = multiplyAdd(factor, right, c1);
    factor = v128.load32_splat(y, 12);
    d0 = multiplyAdd(factor, left, d0);
    d1 = multiplyAdd(factor, right, d1);
    factor = v128.load32_splat(y, 16);
    e0 = multiplyAdd(factor, left, e0);
    e1 = multiplyAdd(factor, right, e1);
  }
  addDoubles(a0, sums);
  addDoubles(a1, sums + 32);
  addDoubles(b0, sums + 64);
  addDoubles(b1, sums + 96);
  addDoubles(c0, sums + 128);
  addDoubles(c1, sums + 160);
  addDoubles(d0, sums + 192);
  addDoubles(d1, sums + 224);
  addDoubles(e0, sums + 256);
  addDoubles(e1, sums + 288);
}

/** Adds four sums to four of float64. */
// @ts-ignore: decorator
@inline
function addDoubles(four: v128, to: usize): void {
  v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(four)));
  const high = v128.shuffle<i32>(four, four, 2, 3, 2, 3);
  v128.store(to, f64x2.add(v128.load(to, 16), f64x2.promote_low_f32x4(high)), 16);
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, sum: f32): void {
  store<f64>(at, load<f64>(at) + <f64>sum);
}

/** Lists, an atom each, the entries that are not 0: where their part of the signal begins, and their values. */
function listEntries(x: usize, count: i32, atoms: i32, chunk: i32, y: usize, width: i32, lists: usize): void {
  const pitch = 8 + (<usize>chunk << 3);
  for (let atom = 0; atom < atoms; atom++) store<i32>(lists + <usize>atom * pitch, 0);
  const size = count * atoms;
  for (let first = 0; first < size; first += 4) {
    for (let found = nonZeroOf(x, first, size); found != 0; found &= found - 1) {
      const index = first + ctz(found);
      const position = index / atoms;
      const list = lists + <usize>(index - position * atoms) * pitch;
      const length = load<i32>(list);
      const entry = list + 8 + (<usize>length << 3);
      store<usize>(entry, y + (<usize>(position * width) << 2));
      store<f32>(entry, load<f32>(x + (<usize>index << 2)), 4);
      store<i32>(list, length + 1);
    }
  }
}

/** Adds the parts of the signal that lists name. */
function addListed(lists: usize, chunk: i32, atoms: i32, terms: i32, sums: usize): void {
  const pitch = 8 + (<usize>chunk << 3);
  for (let atom = 0; atom < atoms; atom++) {
    const list = lists + <usize>atom * pitch;
    const from = list + 8;
    const end = from + (<usize>load<i32>(list) << 3);
    if (from == end) continue;
    const to = sums + (<usize>atom << 3);
    const step = <usize>atoms << 3;
    let row = 0;
    for (; row + 32 <= terms; row += 32) thirtyTwo(from, end, row, to, step);
    for (; row + 8 <= terms; row += 8) eight(from, end, row, to, step);
    for (; row < terms; row++) {
      let sum: f32 = 0;
      for (let entry = from; entry < end; entry += 8)
        sum += load<f32>(entry, 4) * load<f32>(load<usize>(entry) + (<usize>row << 2));
      addTo(to + <usize>row * step, sum);
    }
  }
}

/** Rows row … row + 31 of one atom. */
function thirtyTwo(from: usize, end: usize, row: i32, to: usize, step: usize): void {
  const offset = <usize>row << 2;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  for (let entry = from; entry < end; entry += 8) {
    const factor = v128.load32_splat(entry, 4);
    const y = load<usize>(entry) + offset;
    s0 = multiplyAdd(factor, v128.load(y), s0);
    s1 = multiplyAdd(factor, v128.load(y, 16), s1);
    s2 = multiplyAdd(factor, v128.load(y, 32), s2);
    s3 = multiplyAdd(factor, v128.load(y, 48), s3);
    s4 = multiplyAdd(factor, v128.load(y, 64), s4);
    s5 = multiplyAdd(factor, v128.load(y, 80), s5);
    s6 = multiplyAdd(factor, v128.load(y, 96), s6);
    s7 = multiplyAdd(factor, v128.load(y, 112), s7);
  }
  to += <usize>row * step;
  addFour(s0, to, step);
  addFour(s1, to + 4 * step, step);
  addFour(s2, to + 8 * step, step);
  addFour(s3, to + 12 * step, step);
  addFour(s4, to + 16 * step, step);
  addFour(s5, to + 20 * step, step);
  addFour(s6, to + 24 * step, step);
  addFour(s7, to + 28 * step, step);
}

/** Rows row … row + 7 of one atom. */
function eight(from: usize, end: usize, row: i32, to: usize, step: usize): void {
  const offset = <usize>row << 2;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  for (let entry = from; entry < end; entry += 8) {
    const factor = v128.load32_splat(entry, 4);
    const y = load<usize>(entry) + offset;
    s0 = multiplyAdd(factor, v128.load(y), s0);
    s1 = multiplyAdd(factor, v128.load(y, 16), s1);
  }
  to += <usize>row * step;
  addFour(s0, to, step);
  addFour(s1, to + 4 * step, step);
}

/** Adds four sums to four rows of one atom. */
// @ts-ignore: decorator
@inline
function addFour(four: v128, to: usize, step: usize): void {
  addTo(to, f32x4.extract_lane(four, 0));
  addTo(to + step, f32x4.extract_lane(four, 1));
  addTo(to + 2 * step, f32x4.extract_lane(four, 2));
  addTo(to + 3 * step, f32x4.extract_lane(four, 3));
}
