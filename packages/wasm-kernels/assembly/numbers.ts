// Blocks of numbers are often shorter than what a call of memory.copy or memory.fill takes: these are loops.

/** Copies float32 numbers; what overlaps is not for it. */
export function copyNumbers(to: usize, from: usize, count: i32): void {
  const whole = <usize>max(count & ~3, 0) << 2;
  for (let at: usize = 0; at < whole; at += 16) v128.store(to + at, v128.load(from + at));
  for (let at = whole; at < <usize>max(count, 0) << 2; at += 4) store<f32>(to + at, load<f32>(from + at));
}

/** Sets float32 numbers to 0. */
export function zeroNumbers(to: usize, count: i32): void {
  const end = to + (<usize>max(count, 0) << 2);
  for (; to + 16 <= end; to += 16) v128.store(to, i32x4.splat(0));
  for (; to < end; to += 4) store<f32>(to, 0);
}
