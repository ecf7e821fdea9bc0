import { multiplyAdd } from '../simd';
import { CodeSpace, gramOf, rowBytes } from './code-space';

/** Takes what an entry adds to a correlation out of it, at the rows that are there; the entry may lie beside them. */
export function subtract(
  space: CodeSpace,
  correlation: usize,
  positions: i32,
  position: i32,
  atom: i32,
  value: f32,
): void {
  const first = max(0, position - space.reach);
  const last = min(positions - 1, position + space.reach);
  if (last < first) return;
  const row = rowBytes(space);
  let from = gramOf(space, atom) + <usize>(first - position + space.reach) * row;
  let at = correlation + <usize>first * row;
  const end = at + <usize>(last - first + 1) * row;
  const by = f32x4.splat(-value);
  for (; at + 64 <= end; at += 64, from += 64) {
    v128.store(at, multiplyAdd(by, v128.load(from), v128.load(at)));
    v128.store(at, multiplyAdd(by, v128.load(from, 16), v128.load(at, 16)), 16);
    v128.store(at, multiplyAdd(by, v128.load(from, 32), v128.load(at, 32)), 32);
    v128.store(at, multiplyAdd(by, v128.load(from, 48), v128.load(at, 48)), 48);
  }
  for (; at + 16 <= end; at += 16, from += 16) {
    v128.store(at, multiplyAdd(by, v128.load(from), v128.load(at)));
  }
  for (; at < end; at += 4, from += 4) store<f32>(at, load<f32>(at) - value * load<f32>(from));
}
