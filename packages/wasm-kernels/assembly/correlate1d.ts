import { multiplyAdd } from './simd';

// The common core of analysis and synthesis: rows of a signal, `width` numbers each, against a matrix,
//
//     out[m, c] = Σ_r signal[m · width + r] · matrix[r, c],    r = 0 … terms − 1, in this order
//
// Rows overlap: a filter of K samples and i channels at stride s is a matrix of K·i rows on a signal of rows of s·i numbers.
//
// Eight columns fill two vectors. Where there are fewer, or no multiple of eight, `fold` positions are taken as one with as many
// times the columns, each shifted by `width` (the polyphase form): out stays as it is in memory, and so does the signal. A panel of
// eight columns has the rows that one of its columns has, and zeros in the others.

/** Positions that are computed as one: with them the number of columns is a multiple of eight. */
export function foldOf(columns: i32): i32 {
  const low = ctz(columns);
  return low >= 3 ? 1 : 8 >> low;
}

/** Rows of the matrix that panel `panel` begins at. */
// @ts-ignore: decorator
@inline
export function firstRow(panel: i32, columns: i32, width: i32): i32 {
  return ((panel << 3) / columns) * width;
}

/** Rows of the matrix that a panel has. */
// @ts-ignore: decorator
@inline
export function rowsOf(panel: i32, columns: i32, width: i32, terms: i32): i32 {
  return (((panel << 3) + 7) / columns) * width + terms - firstRow(panel, columns, width);
}

/** Bytes of the packed matrix. */
export function packedBytes(columns: i32, width: i32, terms: i32): usize {
  const panels = (foldOf(columns) * columns) >> 3;
  let rows = 0;
  for (let panel = 0; panel < panels; panel++) rows += rowsOf(panel, columns, width, terms);
  return <usize>rows << 5;
}

/** Packs a matrix [terms, columns], whose entries are `rowStep` and `columnStep` bytes apart. */
export function pack(
  matrix: usize,
  rowStep: isize,
  columnStep: usize,
  columns: i32,
  width: i32,
  terms: i32,
  packed: usize,
): void {
  memory.fill(packed, 0, packedBytes(columns, width, terms));
  const folded = foldOf(columns) * columns;
  let panelAt = packed;
  for (let column = 0; column < folded; column++) {
    const panel = column >> 3;
    const shift = (column / columns) * width - firstRow(panel, columns, width);
    let from = matrix + <usize>(column % columns) * columnStep;
    let to = panelAt + (<usize>shift << 5) + (<usize>(column & 7) << 2);
    for (let row = 0; row < terms; row++) {
      store<f32>(to, load<f32>(from));
      from += rowStep;
      to += 32;
    }
    if ((column & 7) == 7) panelAt += <usize>rowsOf(panel, columns, width, terms) << 5;
  }
}

/** Positions that are the least that `correlate` takes. */
// @ts-ignore: decorator
@inline
export function fewest(columns: i32): i32 {
  return 5 * foldOf(columns);
}

/** Times five folded positions whose part of the signal stays in the first cache while all panels pass. */
const BLOCK: i32 = 8;

/** Rows of a panel that stay there too. */
const SEGMENT: i32 = 768;

/**
 * Correlates `positions` ≥ fewest(columns): reads nothing before `signal` and nothing behind the terms of the last position, writes
 * `positions · columns` numbers.
 */
export function correlate(
  signal: usize,
  packed: usize,
  out: usize,
  positions: i32,
  columns: i32,
  width: i32,
  terms: i32,
): void {
  const fold = foldOf(columns);
  const panels = (fold * columns) >> 3;
  const rowStep = <usize>(fold * width) << 2;
  const outStep = <usize>(fold * columns) << 2;
  const five = 5 * fold;
  for (let first = 0; first < positions; first += BLOCK * five) {
    const last = min(first + BLOCK * five, positions);
    let panelAt = packed;
    for (let panel = 0; panel < panels; panel++) {
      const rows = rowsOf(panel, columns, width, terms);
      const from = signal + (<usize>firstRow(panel, columns, width) << 2);
      const to = out + (<usize>panel << 5);
      for (let row = 0; row < rows; row += SEGMENT) {
        const count = min(SEGMENT, rows - row);
        const part = from + (<usize>row << 2);
        const panelPart = panelAt + (<usize>row << 5);
        for (let position = first; position + five <= last; position += five) {
          const there = to + <usize>position * (<usize>columns << 2);
          const at = part + <usize>position * (<usize>width << 2);
          fiveRows(at, rowStep, panelPart, count, there, outStep, row > 0);
        }
      }
      if ((last - first) % five > 0) {
        // The last five overlap those before them: the same sums again, from the beginning.
        const position = <usize>(positions - five);
        const there = to + position * (<usize>columns << 2);
        fiveRows(from + position * (<usize>width << 2), rowStep, panelAt, rows, there, outStep, false);
      }
      panelAt += <usize>rows << 5;
    }
  }
}

/** Five rows by one panel: ten sums, as many as stay in registers beside their factors on x64; on top of `out` where they go on. */
export function fiveRows(
  rows: usize,
  rowStep: usize,
  panel: usize,
  terms: i32,
  out: usize,
  outStep: usize,
  goesOn: bool,
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
  if (goesOn) {
    let at = out;
    a0 = v128.load(at);
    a1 = v128.load(at, 16);
    at += outStep;
    b0 = v128.load(at);
    b1 = v128.load(at, 16);
    at += outStep;
    c0 = v128.load(at);
    c1 = v128.load(at, 16);
    at += outStep;
    d0 = v128.load(at);
    d1 = v128.load(at, 16);
    at += outStep;
    e0 = v128.load(at);
    e1 = v128.load(at, 16);
  }
  let a = rows;
  let b = a + rowStep;
  let c = b + rowStep;
  let d = c + rowStep;
  let e = d + rowStep;
  const end = panel + (<usize>terms << 5);
  const pairs = panel + (<usize>(terms & ~1) << 5);
  for (; panel < pairs; panel += 64) {
    let left = v128.load(panel);
    let right = v128.load(panel, 16);
    let factor = v128.load32_splat(a);
    a0 = multiplyAdd(factor, left, a0);
    a1 = multiplyAdd(factor, right, a1);
    factor = v128.load32_splat(b);
    b0 = multiplyAdd(factor, left, b0);
    b1 = multiplyAdd(factor, right, b1);
    factor = v128.load32_splat(c);
    c0 = multiplyAdd(factor, left, c0);
    c1 = multiplyAdd(factor, right, c1);
    factor = v128.load32_splat(d);
    d0 = multiplyAdd(factor, left, d0);
    d1 = multiplyAdd(factor, right, d1);
    factor = v128.load32_splat(e);
    e0 = multiplyAdd(factor, left, e0);
    e1 = multiplyAdd(factor, right, e1);
    left = v128.load(panel, 32);
    right = v128.load(panel, 48);
    factor = v128.load32_splat(a, 4);
    a0 = multiplyAdd(factor, left, a0);
    a1 = multiplyAdd(factor, right, a1);
    factor = v128.load32_splat(b, 4);
    b0 = multiplyAdd(factor, left, b0);
    b1 = multiplyAdd(factor, right, b1);
    factor = v128.load32_splat(c, 4);
    c0 = multiplyAdd(factor, left, c0);
    c1 = multiplyAdd(factor, right, c1);
    factor = v128.load32_splat(d, 4);
    d0 = multiplyAdd(factor, left, d0);
    d1 = multiplyAdd(factor, right, d1);
    factor = v128.load32_splat(e, 4);
    e0 = multiplyAdd(factor, left, e0);
    e1 = multiplyAdd(factor, right, e1);
    a += 8;
    b += 8;
    c += 8;
    d += 8;
    e += 8;
  }
  if (panel < end) {
    let left = v128.load(panel);
    let right = v128.load(panel, 16);
    let factor = v128.load32_splat(a);
    a0 = multiplyAdd(factor, left, a0);
    a1 = multiplyAdd(factor, right, a1);
    factor = v128.load32_splat(b);
    b0 = multiplyAdd(factor, left, b0);
    b1 = multiplyAdd(factor, right, b1);
    factor = v128.load32_splat(c);
    c0 = multiplyAdd(factor, left, c0);
    c1 = multiplyAdd(factor, right, c1);
    factor = v128.load32_splat(d);
    d0 = multiplyAdd(factor, left, d0);
    d1 = multiplyAdd(factor, right, d1);
    factor = v128.load32_splat(e);
    e0 = multiplyAdd(factor, left, e0);
    e1 = multiplyAdd(factor, right, e1);
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  out += outStep;
  v128.store(out, b0);
  v128.store(out, b1, 16);
  out += outStep;
  v128.store(out, c0);
  v128.store(out, c1, 16);
  out += outStep;
  v128.store(out, d0);
  v128.store(out, d1, 16);
  out += outStep;
  v128.store(out, e0);
  v128.store(out, e1, 16);
}