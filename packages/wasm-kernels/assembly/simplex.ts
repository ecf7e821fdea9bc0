import { sumOfLanes } from './simd';

/**
 * Rows of `atoms` numbers, each projected onto the probability simplex: max(v − θ, 0), θ such that they sum to 1.
 *
 * θ is the root of Σ max(v − θ, 0) − 1, which falls, is convex and made of straight pieces: Newton's method comes to it from the left without
 * passing it, and stops where a piece is its own successor. From the largest entry less 1 that takes a few passes over a row; sorting takes
 * many more.
 */
export function projectSimplex(v: usize, out: usize, rows: i32, atoms: i32): void {
  const bytes = <usize>atoms << 2;
  for (let row = 0; row < rows; row++) {
    const largest = largestOf(v, atoms);
    // Relative to the largest entry sums stay small, and their rounding with them.
    const theta = thetaOf(v, atoms, largest);
    const whole = <usize>(atoms & ~3) << 2;
    const shift = f32x4.splat(largest);
    const thetas = f32x4.splat(theta);
    const zero = f32x4.splat(0);
    for (let at: usize = 0; at < whole; at += 16) {
      const shifted = f32x4.sub(v128.load(v + at), shift);
      v128.store(out + at, f32x4.max(f32x4.sub(shifted, thetas), zero));
    }
    for (let at = whole; at < bytes; at += 4) {
      const shifted: f32 = load<f32>(v + at) - largest;
      store<f32>(out + at, max<f32>(shifted - theta, 0));
    }
    v += bytes;
    out += bytes;
  }
}

/** The largest entry; NaN where there is one. */
function largestOf(v: usize, atoms: i32): f32 {
  const whole = <usize>(atoms & ~3) << 2;
  let largest = load<f32>(v);
  if (whole > 0) {
    let most = v128.load(v);
    for (let at: usize = 16; at < whole; at += 16) most = f32x4.max(most, v128.load(v + at));
    largest = max<f32>(
      max<f32>(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
      max<f32>(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
    );
  }
  for (let at = whole; at < <usize>atoms << 2; at += 4) largest = max<f32>(largest, load<f32>(v + at));
  return largest;
}

/** θ less the largest entry, in [−1, 0); NaN where an entry is. */
function thetaOf(v: usize, atoms: i32, largest: f32): f32 {
  const whole = <usize>(atoms & ~3) << 2;
  const end = <usize>atoms << 2;
  const shift = f32x4.splat(largest);
  let theta: f32 = -1;
  let known = 0;
  // Every turn but the last has fewer entries above θ.
  for (let turn = 0; turn <= atoms; turn++) {
    const thetas = f32x4.splat(theta);
    let sums = f32x4.splat(0);
    let counts = i32x4.splat(0);
    for (let at: usize = 0; at < whole; at += 16) {
      const shifted = f32x4.sub(v128.load(v + at), shift);
      const above = f32x4.gt(shifted, thetas);
      sums = f32x4.add(sums, v128.and(shifted, above));
      // A lane that holds is −1.
      counts = i32x4.sub(counts, above);
    }
    let sum = sumOfLanes(sums);
    let count =
      i32x4.extract_lane(counts, 0) +
      i32x4.extract_lane(counts, 1) +
      (i32x4.extract_lane(counts, 2) + i32x4.extract_lane(counts, 3));
    for (let at = whole; at < end; at += 4) {
      const shifted: f32 = load<f32>(v + at) - largest;
      if (shifted > theta) {
        sum += shifted;
        count++;
      }
    }
    if (count == known) return theta;
    theta = (sum - 1) / <f32>count;
    // The largest entry is always above θ, but for NaN.
    if (count == 0) return NaN;
    known = count;
  }
  return theta;
}
