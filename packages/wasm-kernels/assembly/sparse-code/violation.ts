import { BLOCK, CodeSpace } from './code-space';

/**
 * How far four entries x are from the Karush–Kuhn–Tucker conditions, in parts of their weights, given c = Aᵀ (y − A x):
 *
 *     x > 0: |c − above|      x < 0: |c + below|      x = 0: what of c is outside [−below, above]
 */
// @ts-ignore: decorator
@inline
function violations(space: CodeSpace, c: v128, x: v128, pattern: usize): v128 {
  const zero = f32x4.splat(0);
  const up = f32x4.mul(f32x4.sub(c, v128.load(space.above + pattern)), v128.load(space.perAbove + pattern));
  const down = f32x4.mul(
    f32x4.neg(f32x4.add(c, v128.load(space.below + pattern))),
    v128.load(space.perBelow + pattern),
  );
  const resting = f32x4.pmax(zero, f32x4.pmax(up, down));
  const moving = f32x4.abs(v128.bitselect(up, down, f32x4.gt(x, zero)));
  return v128.bitselect(resting, moving, f32x4.eq(x, zero));
}

/** The largest violation of a block. */
export function worstOf(space: CodeSpace, correlation: usize, code: usize, block: i32): f32 {
  const period = <usize>space.atoms << 4;
  const start = <usize>block * (BLOCK / 4) * period;
  let worst = f32x4.splat(0);
  for (let at = start; at < start + (BLOCK / 4) * period; at += period) {
    for (let pattern: usize = 0; pattern < period; pattern += 16) {
      const found = violations(
        space,
        v128.load(correlation + at + pattern),
        v128.load(code + at + pattern),
        pattern,
      );
      worst = f32x4.pmax(worst, found);
    }
  }
  return max(
    max(f32x4.extract_lane(worst, 0), f32x4.extract_lane(worst, 1)),
    max(f32x4.extract_lane(worst, 2), f32x4.extract_lane(worst, 3)),
  );
}

/** The first entry of a block with this violation; −1 where there is none. */
export function entryOf(space: CodeSpace, correlation: usize, code: usize, block: i32, violation: f32): i32 {
  const period = <usize>space.atoms << 4;
  const start = <usize>block * (BLOCK / 4) * period;
  const wanted = f32x4.splat(violation);
  for (let at = start; at < start + (BLOCK / 4) * period; at += period) {
    for (let pattern: usize = 0; pattern < period; pattern += 16) {
      const found = violations(
        space,
        v128.load(correlation + at + pattern),
        v128.load(code + at + pattern),
        pattern,
      );
      const same = i32x4.bitmask(f32x4.eq(found, wanted));
      if (same) return <i32>((at + pattern) >> 2) + ctz(same);
    }
  }
  return -1;
}
