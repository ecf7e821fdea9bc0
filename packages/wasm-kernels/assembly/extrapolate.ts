import { multiplyAdd } from './simd';

/** out = x + beta · (x − previous): momentum, in one pass. A tail takes the same instructions as the vectors before it. */
export function extrapolate(x: usize, previous: usize, out: usize, size: i32, beta: f32): void {
  const betas = f32x4.splat(beta);
  const whole = <usize>(size & ~3) << 2;
  for (let at: usize = 0; at < whole; at += 16) {
    const now = v128.load(x + at);
    v128.store(out + at, multiplyAdd(betas, f32x4.sub(now, v128.load(previous + at)), now));
  }
  const end = <usize>size << 2;
  for (let at = whole; at < end; at += 4) {
    const now = v128.load32_zero(x + at);
    const next = multiplyAdd(betas, f32x4.sub(now, v128.load32_zero(previous + at)), now);
    v128.store32_lane(out + at, next, 0);
  }
}
