import { multiplyAdd } from '../simd';
import { WIDTH } from '../tile';
import { BLOCK, POINTS, RESULTS, ROOT } from './sizes';

/** Aᵀ m A of one tile and one panel, of which so many rows, columns and atoms are written. */
export function turnBack(
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
