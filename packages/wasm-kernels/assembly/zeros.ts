// Codes are mostly zeros: finding what is not.

/** How many of `size` numbers are not 0. */
export function countNonZero(x: usize, size: i32): i32 {
  let counts = i32x4.splat(0);
  const whole = <usize>(size & ~3) << 2;
  const zero = f32x4.splat(0);
  // A comparison that holds is −1.
  for (let at: usize = 0; at < whole; at += 16)
    counts = i32x4.sub(counts, f32x4.ne(v128.load(x + at), zero));
  let count =
    i32x4.extract_lane(counts, 0) +
    i32x4.extract_lane(counts, 1) +
    i32x4.extract_lane(counts, 2) +
    i32x4.extract_lane(counts, 3);
  for (let at = whole; at < <usize>size << 2; at += 4) count += i32(load<f32>(x + at) != 0);
  return count;
}

/** Bit i is set where number `first + i` of `size` is not 0, i = 0 … 3. */
// @ts-ignore: decorator
@inline
export function nonZeroOf(x: usize, first: i32, size: i32): i32 {
  const at = x + (<usize>first << 2);
  if (first + 4 <= size) return i32x4.bitmask(f32x4.ne(v128.load(at), f32x4.splat(0)));
  let found = 0;
  for (let lane = 0; first + lane < size; lane++)
    found |= i32(load<f32>(at + (<usize>lane << 2)) != 0) << lane;
  return found;
}
