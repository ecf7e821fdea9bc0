import { multiplyAdd } from './simd';

/**
 * out = slope · (v − min(max(v, −below), above)) of v = z + step · gradient: the update of ISTA and FISTA, in one pass.
 *
 * Below, above and slope lie one behind the other in `shrinkage`, 4·atoms numbers each: repeated four times, so that the
 * pattern of the atoms along the code and the vectors of four meet.
 */
export function shrinkageStep(
  z: usize,
  gradient: usize,
  out: usize,
  size: i32,
  atoms: i32,
  step: f32,
  shrinkage: usize,
): void {
  const period = <usize>atoms << 4;
  const steps = f32x4.splat(step);
  const whole = <usize>(size & ~3) << 2;
  let pattern: usize = 0;
  for (let at: usize = 0; at < whole; at += 16) {
    const v = multiplyAdd(steps, v128.load(gradient + at), v128.load(z + at));
    const below = v128.load(shrinkage + pattern);
    const above = v128.load(shrinkage + period + pattern);
    const slope = v128.load(shrinkage + 2 * period + pattern);
    const inside = f32x4.min(f32x4.max(v, f32x4.neg(below)), above);
    v128.store(out + at, f32x4.mul(slope, f32x4.sub(v, inside)));
    pattern += 16;
    if (pattern == period) pattern = 0;
  }
  const end = <usize>size << 2;
  for (let at = whole; at < end; at += 4) {
    const v = load<f32>(z + at) + step * load<f32>(gradient + at);
    const inside = min(max(v, -load<f32>(shrinkage + pattern)), load<f32>(shrinkage + period + pattern));
    store<f32>(out + at, load<f32>(shrinkage + 2 * period + pattern) * (v - inside));
    pattern += 4;
  }
}
