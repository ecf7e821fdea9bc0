import { multiplyAdd } from './simd';

// The update of ISTA and FISTA, and its gradients, in one pass over the memory each.
//
// What an atom has of its own (a threshold, a slope) is a row of `period` numbers: all atoms, so many times over that the pattern of the
// atoms along a code and vectors of four meet. A tail of less than a vector takes the same instructions, so that the bits of an entry do
// not depend on where it lies.

/** v beyond `high` less `above`, v beyond `low` plus `below`, times the slope; 0 in between, NaN where v is NaN. */
// @ts-ignore: decorator
@inline
function shrink(v: v128, above: v128, below: v128, high: v128, low: v128, slope: v128): v128 {
  const up = v128.andnot(f32x4.sub(v, above), f32x4.le(v, high));
  const down = v128.andnot(f32x4.add(v, below), f32x4.ge(v, low));
  return f32x4.mul(slope, v128.or(up, down));
}

/**
 * out = shrink(z + step · gradient).
 *
 * @param rows above, below, high, low and slope
 */
export function shrinkageStep(
  z: usize,
  gradient: usize,
  out: usize,
  size: i32,
  period: i32,
  step: f32,
  rows: usize,
): void {
  const row = <usize>period << 2;
  const steps = f32x4.splat(step);
  const whole = <usize>(size & ~3) << 2;
  let pattern: usize = 0;
  for (let at: usize = 0; at < whole; at += 16) {
    const v = multiplyAdd(steps, v128.load(gradient + at), v128.load(z + at));
    const entry = rows + pattern;
    const shrunk = shrink(
      v,
      v128.load(entry),
      v128.load(entry + row),
      v128.load(entry + 2 * row),
      v128.load(entry + 3 * row),
      v128.load(entry + 4 * row),
    );
    v128.store(out + at, shrunk);
    pattern += 16;
    if (pattern == row) pattern = 0;
  }
  const end = <usize>size << 2;
  for (let at = whole; at < end; at += 4) {
    const v = multiplyAdd(steps, v128.load32_zero(gradient + at), v128.load32_zero(z + at));
    const entry = rows + pattern;
    const shrunk = shrink(
      v,
      v128.load32_zero(entry),
      v128.load32_zero(entry + row),
      v128.load32_zero(entry + 2 * row),
      v128.load32_zero(entry + 3 * row),
      v128.load32_zero(entry + 4 * row),
    );
    v128.store32_lane(out + at, shrunk, 0);
    pattern += 4;
  }
}

/**
 * out = dy · (result ≠ 0 ? outside : inside): the derivative of a shrinkage, times dy.
 *
 * @param rows outside and inside
 */
export function scaleBySupport(
  dy: usize,
  result: usize,
  out: usize,
  size: i32,
  period: i32,
  rows: usize,
): void {
  const row = <usize>period << 2;
  const zero = f32x4.splat(0);
  const whole = <usize>(size & ~3) << 2;
  let pattern: usize = 0;
  for (let at: usize = 0; at < whole; at += 16) {
    const isZero = f32x4.eq(v128.load(result + at), zero);
    const factor = v128.bitselect(v128.load(rows + row + pattern), v128.load(rows + pattern), isZero);
    v128.store(out + at, f32x4.mul(v128.load(dy + at), factor));
    pattern += 16;
    if (pattern == row) pattern = 0;
  }
  const end = <usize>size << 2;
  for (let at = whole; at < end; at += 4) {
    const factor = load<f32>(rows + pattern + (load<f32>(result + at) == 0 ? row : 0));
    store<f32>(out + at, load<f32>(dy + at) * factor);
    pattern += 4;
  }
}

/** Numbers that are summed as float32 before they are added to float64. */
const RUN: i32 = 64;

/**
 * sums[c] = Σ dy[…, c] over the entries whose result lies on one side of 0: `side` 1 above, −1 below.
 *
 * @param sums `atoms` numbers of float32
 * @param scratch 4 · atoms numbers of float32 and as many of float64
 */
export function sumSide(
  dy: usize,
  result: usize,
  sums: usize,
  size: i32,
  atoms: i32,
  side: f32,
  scratch: usize,
): void {
  const row = <usize>atoms << 4;
  const totals = scratch + row;
  memory.fill(totals, 0, 2 * row);
  const sides = f32x4.splat(side);
  const zero = f32x4.splat(0);
  const whole = size & ~3;
  const run = RUN * 4 * atoms;
  for (let first = 0; first < whole; first += run) {
    memory.fill(scratch, 0, row);
    let pattern: usize = 0;
    const end = <usize>min(first + run, whole) << 2;
    for (let at = <usize>first << 2; at < end; at += 16) {
      const counts = f32x4.gt(f32x4.mul(v128.load(result + at), sides), zero);
      // Most results are 0.
      if (v128.any_true(counts)) {
        const sum = scratch + pattern;
        v128.store(sum, f32x4.add(v128.load(sum), v128.and(v128.load(dy + at), counts)));
      }
      pattern += 16;
      if (pattern == row) pattern = 0;
    }
    for (let entry: usize = 0; entry < row; entry += 4) {
      const total = totals + 2 * entry;
      store<f64>(total, load<f64>(total) + <f64>load<f32>(scratch + entry));
    }
  }
  for (let index = whole; index < size; index++) {
    const at = <usize>index << 2;
    if (load<f32>(result + at) * side > 0) {
      const total = totals + (<usize>(index % (4 * atoms)) << 3);
      store<f64>(total, load<f64>(total) + <f64>load<f32>(dy + at));
    }
  }
  for (let atom = 0; atom < atoms; atom++) {
    let total: f64 = 0;
    for (let turn = 0; turn < 4; turn++) total += load<f64>(totals + (<usize>(turn * atoms + atom) << 3));
    store<f32>(sums + (<usize>atom << 2), <f32>total);
  }
}
