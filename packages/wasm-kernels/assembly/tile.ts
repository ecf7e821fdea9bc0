import { multiplyAdd } from './simd';

// The common core of the 2-D kernels: five rows of sums, eight to a row,
//
//     out[j, c] = Σ_s Σ_t rowⱼ[s, t] · panel[s, t, c],    s = 0 … segments − 1, t = 0 … count − 1, in this order
//
// Ten vectors of sums are as many as stay in registers beside their factors on x64.

/** Sums in a row. */
export const WIDTH: i32 = 8;
/** Rows of a tile. */
export const ROWS: i32 = 5;

/**
 * Five rows by one panel. A row begins at the address that `rows` has for it, and takes `step` bytes from one term to the next;
 * `jump` more bytes lie between two segments. The panel has its terms one behind the other, 32 bytes each.
 */
// @ts-ignore: decorator
@inline
export function tile(
  rows: usize,
  step: usize,
  jump: usize,
  panel: usize,
  count: i32,
  segments: i32,
  out: usize,
  outStep: usize,
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
  let a = load<usize>(rows);
  let b = load<usize>(rows, 4);
  let c = load<usize>(rows, 8);
  let d = load<usize>(rows, 12);
  let e = load<usize>(rows, 16);
  for (let segment = 0; segment < segments; segment++) {
    const pairs = panel + (<usize>(count & ~1) << 5);
    while (panel < pairs) {
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
      factor = v128.load32_splat(a + step);
      a0 = multiplyAdd(factor, left, a0);
      a1 = multiplyAdd(factor, right, a1);
      factor = v128.load32_splat(b + step);
      b0 = multiplyAdd(factor, left, b0);
      b1 = multiplyAdd(factor, right, b1);
      factor = v128.load32_splat(c + step);
      c0 = multiplyAdd(factor, left, c0);
      c1 = multiplyAdd(factor, right, c1);
      factor = v128.load32_splat(d + step);
      d0 = multiplyAdd(factor, left, d0);
      d1 = multiplyAdd(factor, right, d1);
      factor = v128.load32_splat(e + step);
      e0 = multiplyAdd(factor, left, e0);
      e1 = multiplyAdd(factor, right, e1);
      a += 2 * step;
      b += 2 * step;
      c += 2 * step;
      d += 2 * step;
      e += 2 * step;
      panel += 64;
    }
    if (count & 1) {
      const left = v128.load(panel);
      const right = v128.load(panel, 16);
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
      a += step;
      b += step;
      c += step;
      d += step;
      e += step;
      panel += 32;
    }
    a += jump;
    b += jump;
    c += jump;
    d += jump;
    e += jump;
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

/** Panels that so many columns fill, the last one with zeros behind them. */
// @ts-ignore: decorator
@inline
export function panelsOf(columns: i32): i32 {
  return (columns + WIDTH - 1) / WIDTH;
}

/**
 * Packs a matrix [rows, columns], whose entries are `rowStep` and `columnStep` bytes apart, into panels.
 */
export function packPanels(
  matrix: usize,
  rowStep: usize,
  columnStep: usize,
  rows: i32,
  columns: i32,
  packed: usize,
): void {
  for (let first = 0; first < columns; first += WIDTH) {
    packPanel(matrix + <usize>first * columnStep, rowStep, columnStep, rows, min(WIDTH, columns - first), packed);
    packed += <usize>rows << 5;
  }
}

/** Packs at most eight columns. */
export function packPanel(
  matrix: usize,
  rowStep: usize,
  columnStep: usize,
  rows: i32,
  columns: i32,
  panel: usize,
): void {
  const whole = columns == WIDTH && columnStep == 4;
  for (let row = 0; row < rows; row++) {
    if (whole) {
      v128.store(panel, v128.load(matrix));
      v128.store(panel, v128.load(matrix, 16), 16);
    } else {
      let from = matrix;
      for (let column = 0; column < WIDTH; column++) {
        store<f32>(panel + (<usize>column << 2), column < columns ? load<f32>(from) : 0);
        from += columnStep;
      }
    }
    matrix += rowStep;
    panel += 32;
  }
}
