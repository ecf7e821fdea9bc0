import { multiplyAdd } from './simd';
import { packPanels, panelsOf, ROWS, tile, WIDTH } from './tile';

// The analysis without strides by Winograd's minimal filtering F(4 × 4, 3 × 3): sixteen results out of 36 products where the
// sums by the definition take 144. Lavin & Gray 2016, "Fast algorithms for convolutional neural networks".
//
//     4 × 4 results = Aᵀ [ (G g Gᵀ) ∘ (Bᵀ d B) ] A     of 3 × 3 taps g and 6 × 6 pixels d
//
// It evaluates polynomials at 0, ±1/√2, ±√2 and infinity: their squares are ½ and 2, and the rounding is some three times that
// of the sums, where the customary 0, ±1, ±2 make it six times. Barabasz et al. 2020, "Error analysis and improving the accuracy
// of Winograd convolution for deep neural networks".
//
// A larger filter is cut into blocks of 3 × 3, whose products are summed before they are transformed back: blocks and
// channels are the terms of one matrix product for each of the 36 frequencies.

/** Frequencies of one axis, and results. */
const POINTS: i32 = 6;
const RESULTS: i32 = 4;
const FREQUENCIES: i32 = 36;
const TAPS: i32 = 3;
/** 1/√2. */
const ROOT: f32 = 0.70710678118654752;
/** Tiles of results that are computed at a time. */
const BLOCK: i32 = 4 * ROWS;

// @ts-ignore: decorator
@inline
function blocksOf(length: i32): i32 {
  return (length + TAPS - 1) / TAPS;
}

// @ts-ignore: decorator
@inline
function tilesOf(positions: i32): i32 {
  return (positions + RESULTS - 1) / RESULTS;
}

/** Pixels of the image that so many positions reach as whole tiles and whole blocks. */
// @ts-ignore: decorator
@inline
function reachOf(positions: i32, length: i32): i32 {
  return tilesOf(positions) * RESULTS + blocksOf(length) * TAPS - 1;
}

/**
 * Whether it is worth it: by the instructions of either way for one example, as one with few positions or filters that fill
 * blocks badly takes longer this way.
 */
export function prefersWinograd(
  rows: i32,
  columns: i32,
  filterHeight: i32,
  filterWidth: i32,
  channels: i32,
  atoms: i32,
): bool {
  const terms = <f64>(blocksOf(filterHeight) * blocksOf(filterWidth) * channels);
  const vectors = <f64>(panelsOf(atoms) * 2);
  const tiles = <f64>(tilesOf(rows) * tilesOf(columns));
  const ofTile = vectors * (FREQUENCIES * (2.7 * terms + 6.0) + 230.0) + 220.0 * terms;
  const ofFilters = vectors * terms * 250.0;
  const direct = <f64>rows * <f64>columns * vectors * 2.7 * <f64>(filterHeight * filterWidth * channels);
  return tiles * ofTile + 0.25 * ofFilters < 0.95 * direct;
}

/** Bytes of scratch that `winograd2d` needs. */
export function winograd2dScratch(
  rows: i32,
  columns: i32,
  filterHeight: i32,
  filterWidth: i32,
  channels: i32,
  atoms: i32,
): usize {
  const taps = filterHeight * filterWidth * channels;
  const terms = blocksOf(filterHeight) * blocksOf(filterWidth) * channels;
  const panels = panelsOf(atoms);
  const image = reachOf(rows, filterHeight) * reachOf(columns, filterWidth) * channels + 4;
  const strip = (POINTS + TAPS * blocksOf(filterWidth)) * channels * 8 + 32;
  return (
    <usize>(panels * taps) * 32 +
    <usize>(panels * FREQUENCIES) * <usize>terms * 32 +
    <usize>(FREQUENCIES * BLOCK) * (<usize>terms * 4 + 32) +
    (<usize>(image + strip + 24 * 4 + ROWS) << 2)
  );
}

/** out[b, p, q, c] = Σ_{k, l, i} y[b, p + k, q + l, i] · filters[k, l, i, c]; both strides are 1. */
export function winograd2d(
  y: usize,
  filters: usize,
  out: usize,
  batch: i32,
  height: i32,
  width: i32,
  rows: i32,
  columns: i32,
  filterHeight: i32,
  filterWidth: i32,
  channels: i32,
  atoms: i32,
  _down: i32,
  _right: i32,
  scratch: usize,
): void {
  const taps = filterHeight * filterWidth * channels;
  const down = blocksOf(filterHeight);
  const right = blocksOf(filterWidth);
  const terms = down * right * channels;
  const panels = panelsOf(atoms);
  const reach = reachOf(columns, filterWidth) * channels;
  const high = reachOf(rows, filterHeight);
  const packed = scratch;
  const turned = packed + <usize>(panels * taps) * 32;
  const seen = turned + <usize>(panels * FREQUENCIES) * <usize>terms * 32;
  const products = seen + <usize>(FREQUENCIES * BLOCK) * <usize>terms * 4;
  const image = products + <usize>(FREQUENCIES * BLOCK) * 32;
  const strip = image + (<usize>(high * reach + 4) << 2);
  const half = strip + (<usize>((POINTS + TAPS * right) * channels * 8 + 32) << 2);
  const places = half + 24 * 16;
  packPanels(filters, <usize>atoms << 2, 4, taps, atoms, packed);
  turnFilters(packed, panels, filterHeight, filterWidth, channels, half, turned);
  const across = tilesOf(columns);
  const tiles = tilesOf(rows) * across;
  for (let example = 0; example < batch; example++) {
    copyPadded(y, height, width * channels, high, reach, image);
    for (let first = 0; first < tiles; first += BLOCK) {
      const count = min(BLOCK, tiles - first);
      for (let index = 0; index < count; index++) {
        const row = (first + index) / across;
        const column = (first + index) % across;
        const corner = image + (<usize>(row * RESULTS * reach + column * RESULTS * channels) << 2);
        turnImage(corner, <usize>reach << 2, down, right, channels, strip, seen + <usize>(index * terms) * 4, terms);
      }
      let from = turned;
      for (let panel = 0; panel < panels; panel++) {
        for (let frequency = 0; frequency < FREQUENCIES; frequency++) {
          for (let index = 0; index < count; index += ROWS) {
            const row = frequency * BLOCK + index;
            const step = <usize>terms << 2;
            const at = seen + <usize>row * step;
            store<usize>(places, at);
            store<usize>(places, at + step, 4);
            store<usize>(places, at + 2 * step, 8);
            store<usize>(places, at + 3 * step, 12);
            store<usize>(places, at + 4 * step, 16);
            product(places, from, terms, products + <usize>row * 32);
          }
          from += <usize>terms << 5;
        }
        const wide = min(WIDTH, atoms - panel * WIDTH);
        for (let index = 0; index < count; index++) {
          const row = ((first + index) / across) * RESULTS;
          const column = ((first + index) % across) * RESULTS;
          turnBack(
            products + <usize>index * 32,
            half,
            out + (<usize>(row * columns + column) * <usize>atoms + <usize>(panel * WIDTH)) * 4,
            <usize>columns * <usize>atoms * 4,
            <usize>atoms << 2,
            min(RESULTS, rows - row),
            min(RESULTS, columns - column),
            wide,
          );
        }
      }
    }
    y += <usize>(height * width * channels) << 2;
    out += (<usize>(rows * columns) * <usize>atoms) << 2;
  }
}

function product(places: usize, panel: usize, terms: i32, out: usize): void {
  tile(places, 4, 0, panel, terms, 1, out, 32);
}

/** An image with zeros to the right and below. */
function copyPadded(y: usize, height: i32, width: i32, high: i32, wide: i32, to: usize): void {
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

/** G g Gᵀ of every block of every filter: turned[panel, frequency, block and channel, 8]. */
function turnFilters(
  packed: usize,
  panels: i32,
  filterHeight: i32,
  filterWidth: i32,
  channels: i32,
  half: usize,
  turned: usize,
): void {
  const down = blocksOf(filterHeight);
  const right = blocksOf(filterWidth);
  const terms = down * right * channels;
  const zero = f32x4.splat(0);
  for (let panel = 0; panel < panels; panel++) {
    for (let term = 0; term < terms; term++) {
      const channel = term % channels;
      const left = ((term / channels) % right) * TAPS;
      const top = (term / (channels * right)) * TAPS;
      for (let side: usize = 0; side < 32; side += 16) {
        for (let column = 0; column < TAPS; column++) {
          const l = left + column;
          const at = packed + side + (<usize>((top * filterWidth + l) * channels + channel) << 5);
          const line = <usize>(filterWidth * channels) << 5;
          const inside = l < filterWidth;
          const a = inside ? v128.load(at) : zero;
          const b = inside && top + 1 < filterHeight ? v128.load(at + line) : zero;
          const c = inside && top + 2 < filterHeight ? v128.load(at + 2 * line) : zero;
          turnTaps(a, b, c, half + (<usize>column << 4), 48);
        }
        for (let row = 0; row < POINTS; row++) {
          const from = half + <usize>row * 48;
          turnTaps(
            v128.load(from),
            v128.load(from, 16),
            v128.load(from, 32),
            turned + side + (<usize>(row * POINTS * terms + term) << 5),
            <usize>terms << 5,
          );
        }
      }
    }
    packed += <usize>(filterHeight * filterWidth * channels) << 5;
    turned += <usize>(FREQUENCIES * terms) << 5;
  }
}

/** G g: three taps to six. */
// @ts-ignore: decorator
@inline
function turnTaps(a: v128, b: v128, c: v128, to: usize, step: usize): void {
  const near = f32x4.mul(f32x4.add(a, f32x4.mul(c, f32x4.splat(0.5))), f32x4.splat(-2.0 / 3.0));
  const nearOdd = f32x4.mul(b, f32x4.splat((-2.0 / 3.0) * ROOT));
  const far = f32x4.mul(f32x4.add(a, f32x4.mul(c, f32x4.splat(2))), f32x4.splat(1.0 / 6.0));
  const farOdd = f32x4.mul(b, f32x4.splat((1.0 / 3.0) * ROOT));
  v128.store(to, a);
  v128.store(to + step, f32x4.add(near, nearOdd));
  v128.store(to + 2 * step, f32x4.sub(near, nearOdd));
  v128.store(to + 3 * step, f32x4.add(far, farOdd));
  v128.store(to + 4 * step, f32x4.sub(far, farOdd));
  v128.store(to + 5 * step, c);
}

/** Bᵀ d B of the pixels under every block, for one tile: seen[frequency, tile, block and channel]. */
function turnImage(
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

/** Aᵀ m A of one tile and one panel, of which so many rows, columns and atoms are written. */
function turnBack(
  products: usize,
  half: usize,
  out: usize,
  line: usize,
  step: usize,
  high: i32,
  wide: i32,
  atoms: i32,
): void {
  const next = <usize>BLOCK << 5;
  const oneHalf = f32x4.splat(0.5);
  const two = f32x4.splat(2);
  const four = f32x4.splat(4);
  const root = f32x4.splat(ROOT);
  for (let side = 0; side < WIDTH; side += 4) {
    if (side >= atoms) break;
    for (let column: usize = 0; column < <usize>POINTS; column++) {
      const from = products + (<usize>side << 2) + column * next;
      const row = <usize>POINTS * next;
      const a = v128.load(from);
      const b = v128.load(from + row);
      const c = v128.load(from + 2 * row);
      const d = v128.load(from + 3 * row);
      const e = v128.load(from + 4 * row);
      const f = v128.load(from + 5 * row);
      const to = half + (column << 4);
      const near = f32x4.add(b, c);
      const nearOdd = f32x4.sub(b, c);
      const far = f32x4.add(d, e);
      const farOdd = f32x4.sub(d, e);
      v128.store(to, f32x4.add(f32x4.add(a, near), far));
      v128.store(to, f32x4.mul(root, multiplyAdd(two, farOdd, nearOdd)), 96);
      v128.store(to, multiplyAdd(two, far, f32x4.mul(oneHalf, near)), 192);
      v128.store(to, multiplyAdd(root, multiplyAdd(four, farOdd, f32x4.mul(oneHalf, nearOdd)), f), 288);
    }
    const count = min(4, atoms - side);
    for (let row = 0; row < high; row++) {
      const from = half + <usize>row * 96;
      const a = v128.load(from);
      const b = v128.load(from, 16);
      const c = v128.load(from, 32);
      const d = v128.load(from, 48);
      const e = v128.load(from, 64);
      const f = v128.load(from, 80);
      const near = f32x4.add(b, c);
      const nearOdd = f32x4.sub(b, c);
      const far = f32x4.add(d, e);
      const farOdd = f32x4.sub(d, e);
      const to = out + <usize>row * line + (<usize>side << 2);
      storeAtoms(to, f32x4.add(f32x4.add(a, near), far), count);
      if (wide > 1) storeAtoms(to + step, f32x4.mul(root, multiplyAdd(two, farOdd, nearOdd)), count);
      if (wide > 2)
        storeAtoms(to + 2 * step, multiplyAdd(two, far, f32x4.mul(oneHalf, near)), count);
      if (wide > 3)
        storeAtoms(
          to + 3 * step,
          multiplyAdd(root, multiplyAdd(four, farOdd, f32x4.mul(oneHalf, nearOdd)), f),
          count,
        );
    }
  }
}

/** One to four numbers. */
// @ts-ignore: decorator
@inline
function storeAtoms(to: usize, v: v128, count: i32): void {
  if (count == 4) {
    v128.store(to, v);
  } else {
    v128.store32_lane(to, v, 0);
    if (count > 1) v128.store32_lane(to, v, 1, 4);
    if (count > 2) v128.store32_lane(to, v, 2, 8);
  }
}
