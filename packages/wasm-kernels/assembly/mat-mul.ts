import { fiveRows } from './correlate1d';
import { copyNumbers, zeroNumbers } from './numbers';

// The product of two matrices, blocked: eight columns of the right factor are packed into a panel, forty rows of the left one into a
// block, as many terms of both as stay in the first and second cache. How far apart rows and terms of a factor lie is given, so that a
// transposed one costs its packing alone. A sum is taken in the order of its terms, wherever in the product it is.

/** Terms that are packed at a time. */
const TERMS: i32 = 512;
/** Rows of a block: a whole number of fives. */
const ROWS: i32 = 40;
/** Numbers of the tile that edges are computed in. */
const TILE: i32 = 40;

/** Bytes of scratch that `matMul` needs. */
export function matMulScratch(columns: i32, terms: i32): usize {
  const deep = min(terms, TERMS);
  return (<usize>(((columns + 7) & ~7) * deep + ROWS * deep + TILE)) << 2;
}

/**
 * out[m, n] = Σ_k a[m, k] · b[k, n], `out` [rows, columns].
 *
 * @param aRow numbers from one row of a to the next; `aTerm` from one term to the next; likewise of b
 */
export function matMul(
  a: usize,
  b: usize,
  out: usize,
  rows: i32,
  columns: i32,
  terms: i32,
  aRow: i32,
  aTerm: i32,
  bTerm: i32,
  bColumn: i32,
  scratch: usize,
): void {
  const panels = (columns + 7) >> 3;
  const deep = min(terms, TERMS);
  const block = scratch + (<usize>(panels * 8 * deep) << 2);
  const tile = block + (<usize>(ROWS * deep) << 2);
  const outStep = <usize>columns << 2;
  for (let first = 0; first < terms; first += TERMS) {
    const count = min(TERMS, terms - first);
    const step = <usize>count << 2;
    packRight(b + (<usize>first * bTerm << 2), columns, count, bTerm, bColumn, scratch);
    for (let top = 0; top < rows; top += ROWS) {
      const height = min(ROWS, rows - top);
      packLeft(a + (<usize>(top * aRow + first * aTerm) << 2), height, count, aRow, aTerm, block);
      for (let panel = 0; panel < panels; panel++) {
        const from = scratch + (<usize>(panel * 8 * count) << 2);
        const width = min(8, columns - panel * 8);
        for (let row = 0; row < height; row += 5) {
          const to = out + <usize>(top + row) * outStep + (<usize>panel << 5);
          const left = block + <usize>row * step;
          if (width == 8 && row + 5 <= height) {
            fiveRows(left, step, from, count, to, outStep, first > 0);
            continue;
          }
          // An edge is computed beside the result.
          const there = min(5, height - row);
          if (first > 0) copyRows(tile, 8, to, columns, there, width);
          fiveRows(left, step, from, count, tile, 32, first > 0);
          copyRows(to, columns, tile, 8, there, width);
        }
      }
    }
  }
}

/** Copies the corner [rows, width] of one matrix to another; so many numbers lie from row to row. */
function copyRows(to: usize, toRow: i32, from: usize, fromRow: i32, rows: i32, width: i32): void {
  for (let row = 0; row < rows; row++) {
    copyNumbers(to, from, width);
    to += <usize>toRow << 2;
    from += <usize>fromRow << 2;
  }
}

/** Panels of eight columns, a row of eight a term; columns that are not there are zero. */
function packRight(b: usize, columns: i32, terms: i32, termStep: i32, columnStep: i32, to: usize): void {
  for (let column = 0; column < columns; column += 8) {
    const width = min(8, columns - column);
    let from = b + (<usize>column * columnStep << 2);
    if (width < 8) zeroNumbers(to, 8 * terms);
    if (columnStep == 1 && width == 8) {
      for (let term = 0; term < terms; term++, to += 32) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
        from += <usize>termStep << 2;
      }
      continue;
    }
    for (let lane = 0; lane < width; lane++) {
      let source = from;
      let target = to + (<usize>lane << 2);
      for (let term = 0; term < terms; term++) {
        store<f32>(target, load<f32>(source));
        source += <usize>termStep << 2;
        target += 32;
      }
      from += <usize>columnStep << 2;
    }
    to += <usize>terms << 5;
  }
}

/** Rows one behind the other, up to a whole five of them, whose last ones are zero. */
function packLeft(a: usize, rows: i32, terms: i32, rowStep: i32, termStep: i32, to: usize): void {
  const step = <usize>terms << 2;
  const whole = ((rows + 4) / 5) * 5;
  zeroNumbers(to + <usize>rows * step, (whole - rows) * terms);
  if (termStep == 1) {
    for (let row = 0; row < rows; row++) copyNumbers(to + <usize>row * step, a + (<usize>row * rowStep << 2), terms);
    return;
  }
  for (let term = 0; term < terms; term++) {
    let from = a + (<usize>term * termStep << 2);
    let target = to + (<usize>term << 2);
    for (let row = 0; row < rows; row++) {
      store<f32>(target, load<f32>(from));
      from += <usize>rowStep << 2;
      target += step;
    }
  }
}
