import { BLOCK, POINTS, ROOT, TAPS } from './sizes';

/** An image with zeros to the right and below. */
export function copyPadded(y: usize, height: i32, width: i32, high: i32, wide: i32, to: usize): void {
  const there = <usize>min(width, wide) << 2;
  const behind = (<usize>wide << 2) - there;
  for (let row = 0; row < high; row++) {
    if (row < height) {
      memory.copy(to, y, there);
      memory.fill(to + there, 0, behind);
    } else {
      memory.fill(to, 0, there + behind);
    }
    y += <usize>width << 2;
    to += <usize>wide << 2;
  }
  // Vectors may reach beyond the end.
  memory.fill(to, 0, 16);
}

/** Bᵀ d B of the pixels under every block, for one tile: seen[frequency, tile, block and channel]. */
export function turnImage(
  image: usize,
  line: usize,
  down: i32,
  right: i32,
  channels: i32,
  strip: usize,
  seen: usize,
  terms: i32,
): void {
  const width = (POINTS + TAPS * (right - 1)) * channels;
  const step = <usize>(BLOCK * terms) << 2;
  const two = f32x4.splat(2);
  const half = f32x4.splat(0.5);
  const root = f32x4.splat(ROOT);
  const roots = f32x4.splat(2 * ROOT);
  const both = f32x4.splat(2.5);
  for (let row = 0; row < down; row++) {
    // Down, four columns at a time: strip[column, frequency], eight numbers a column.
    for (let column = 0; column < width; column += 4) {
      let at = image + (<usize>column << 2);
      const a = v128.load(at);
      const b = v128.load((at += line));
      const c = v128.load((at += line));
      const d = v128.load((at += line));
      const e = v128.load((at += line));
      const f = v128.load((at += line));
      const p = f32x4.sub(e, f32x4.mul(two, c));
      const q = f32x4.mul(root, f32x4.sub(d, f32x4.mul(two, b)));
      const r = f32x4.sub(e, f32x4.mul(half, c));
      const s = f32x4.mul(roots, f32x4.sub(d, f32x4.mul(half, b)));
      const to = strip + (<usize>column << 5);
      storeColumn(to, f32x4.add(f32x4.sub(a, f32x4.mul(both, c)), e));
      storeColumn(to + 4, f32x4.add(p, q));
      storeColumn(to + 8, f32x4.sub(p, q));
      storeColumn(to + 12, f32x4.add(r, s));
      storeColumn(to + 16, f32x4.sub(r, s));
      storeColumn(to + 20, f32x4.add(f32x4.sub(b, f32x4.mul(both, d)), f));
    }
    // To the right, all frequencies of a column at a time.
    const next = <usize>channels << 5;
    for (let block = 0; block < right; block++) {
      for (let channel = 0; channel < channels; channel++) {
        const from = strip + (<usize>(block * TAPS * channels + channel) << 5);
        for (let side: usize = 0; side < 32; side += 16) {
          let at = from + side;
          const a = v128.load(at);
          const b = v128.load((at += next));
          const c = v128.load((at += next));
          const d = v128.load((at += next));
          const e = v128.load((at += next));
          const f = v128.load((at += next));
          const p = f32x4.sub(e, f32x4.mul(two, c));
          const q = f32x4.mul(root, f32x4.sub(d, f32x4.mul(two, b)));
          const r = f32x4.sub(e, f32x4.mul(half, c));
          const s = f32x4.mul(roots, f32x4.sub(d, f32x4.mul(half, b)));
          const to = seen + (side >> 2) * <usize>POINTS * step;
          const whole = side == 0;
          storeRows(to, step, whole, f32x4.add(f32x4.sub(a, f32x4.mul(both, c)), e));
          storeRows(to + step, step, whole, f32x4.add(p, q));
          storeRows(to + 2 * step, step, whole, f32x4.sub(p, q));
          storeRows(to + 3 * step, step, whole, f32x4.add(r, s));
          storeRows(to + 4 * step, step, whole, f32x4.sub(r, s));
          storeRows(
            to + 5 * step,
            step,
            whole,
            f32x4.add(f32x4.sub(b, f32x4.mul(both, d)), f),
          );
        }
        seen += 4;
      }
    }
    image += <usize>TAPS * line;
  }
}

/** Four columns of one frequency. */
// @ts-ignore: decorator
@inline
function storeColumn(to: usize, v: v128): void {
  v128.store32_lane(to, v, 0);
  v128.store32_lane(to, v, 1, 32);
  v128.store32_lane(to, v, 2, 64);
  v128.store32_lane(to, v, 3, 96);
}

/** Four frequencies down, or the last two, of one to the right. */
// @ts-ignore: decorator
@inline
function storeRows(to: usize, step: usize, whole: bool, v: v128): void {
  const row = <usize>POINTS * step;
  v128.store32_lane(to, v, 0);
  v128.store32_lane(to + row, v, 1);
  if (whole) {
    v128.store32_lane(to + 2 * row, v, 2);
    v128.store32_lane(to + 3 * row, v, 3);
  }
}
