import { analysis1d, analysis1dScratch } from '../analysis1d';
import { aligned, CodeSpace, rowBytes } from './code-space';

// Aᵀ y on a stretch. Where channels and atoms are many the products are all that takes time, and Karatsuba's trick, transposed, saves
// a quarter of them: with even and odd samples y0 and y1, even and odd taps h0 and h1, S y0 the even samples from the second on,
//
//     even positions = h0 ⋆ y0 + h1 ⋆ y1   = (h0 + h1) ⋆ y1 + h0 ⋆ (y0 − y1)
//     odd positions  = h0 ⋆ y1 + h1 ⋆ S y0 = (h0 + h1) ⋆ y1 + h1 ⋆ (S y0 − y1)
//
// three correlations of half the length at half the positions in place of four; and again, `levels` times. The filters of the last
// level lie one behind the other, those of the sum first. What is added and subtracted costs some last bits.
//
// Parker & Parhi 1997, *Low-area/power parallel FIR digital filter implementations* (fast FIR algorithms).

/** Positions that are computed: a whole number of the last level's. */
// @ts-ignore: decorator
@inline
function padded(space: CodeSpace, positions: i32): i32 {
  const mask = (1 << space.levels) - 1;
  return (positions + mask) & ~mask;
}

/** Bytes of scratch that `correlate` needs. */
export function correlateScratch(space: CodeSpace, positions: i32): usize {
  let bytes = aligned(analysis1dScratch(space.leaf, space.channels, space.atoms, space.stride));
  if (space.levels == 0) return bytes;
  let outputs = padded(space, positions);
  let taps = space.leaf << space.levels;
  bytes += aligned(<usize>((outputs + taps) * space.channels) << 2);
  for (let level = 0; level < space.levels; level++) {
    outputs >>= 1;
    taps >>= 1;
    bytes += levelBytes(space, outputs, taps);
  }
  return bytes;
}

/** What a level keeps: samples of one of its correlations, and the results of two. */
function levelBytes(space: CodeSpace, outputs: i32, taps: i32): usize {
  return aligned(<usize>((outputs + taps) * space.channels) << 2) + 2 * aligned(<usize>outputs * rowBytes(space));
}

/**
 * @param signal `(positions − 1) · stride + length` samples
 * @param out room for a whole number of blocks; numbers behind the last position are written as well
 */
export function correlate(space: CodeSpace, signal: usize, positions: i32, out: usize, scratch: usize): void {
  const time = (positions - 1) * space.stride + space.length;
  if (space.levels == 0) {
    last(space, signal, time, positions, space.filters, out, scratch);
    return;
  }
  const outputs = padded(space, positions);
  const taps = space.leaf << space.levels;
  const given = <usize>(time * space.channels) << 2;
  const needed = <usize>((outputs + taps) * space.channels) << 2;
  memory.copy(scratch, signal, given);
  memory.fill(scratch + given, 0, needed - given);
  halve(space, space.levels, scratch, outputs, taps, space.filters, out, scratch + aligned(needed));
}

function last(space: CodeSpace, y: usize, time: i32, positions: i32, filters: usize, out: usize, scratch: usize): void {
  analysis1d(
    y, filters, out, 1, time, positions,
    space.leaf, space.channels, space.atoms, space.stride, scratch,
  );
}

/** The correlation of `outputs + taps` samples, the last of which is never needed, at `outputs` positions. */
function halve(
  space: CodeSpace,
  level: i32,
  y: usize,
  outputs: i32,
  taps: i32,
  filters: usize,
  out: usize,
  scratch: usize,
): void {
  if (level == 0) {
    last(space, y, outputs + taps - 1, outputs, filters, out, scratch);
    return;
  }
  const half = outputs >> 1;
  const halfTaps = taps >> 1;
  const rows = half + halfTaps;
  const channels = space.channels;
  const samples = scratch;
  const sum = samples + aligned(<usize>(rows * channels) << 2);
  const part = sum + aligned(<usize>half * rowBytes(space));
  const rest = part + aligned(<usize>half * rowBytes(space));
  // Filters of one of the three: 3^(level − 1) of the last level.
  let bank = <usize>(space.leaf * channels) * rowBytes(space);
  for (let below = 1; below < level; below++) bank *= 3;

  takeOdd(y, rows, channels, samples);
  halve(space, level - 1, samples, half, halfTaps, filters, sum, rest);
  takeDifference(y, 0, rows, channels, samples);
  halve(space, level - 1, samples, half, halfTaps, filters + bank, part, rest);
  putSum(sum, part, half, space.atoms, out, 0);
  takeDifference(y, 1, rows, channels, samples);
  halve(space, level - 1, samples, half, halfTaps, filters + 2 * bank, part, rest);
  putSum(sum, part, half, space.atoms, out, 1);
}

/** Every other sample, from the second on. */
function takeOdd(y: usize, rows: i32, channels: i32, to: usize): void {
  const row = <usize>channels << 2;
  for (let i = 0, from = y + row; i < rows; i++, from += 2 * row, to += row) {
    let at: usize = 0;
    for (; at + 16 <= row; at += 16) v128.store(to + at, v128.load(from + at));
    for (; at < row; at += 4) store<f32>(to + at, load<f32>(from + at));
  }
}

/** Even samples, from the one at `first`, less the odd ones; the last is left as it is where there is no even one for it. */
function takeDifference(y: usize, first: i32, rows: i32, channels: i32, to: usize): void {
  const row = <usize>channels << 2;
  let even = y + <usize>(2 * first) * row;
  let odd = y + row;
  for (let i = first; i < rows; i++, even += 2 * row, odd += 2 * row, to += row) {
    let at: usize = 0;
    for (; at + 16 <= row; at += 16) v128.store(to + at, f32x4.sub(v128.load(even + at), v128.load(odd + at)));
    for (; at < row; at += 4) store<f32>(to + at, load<f32>(even + at) - load<f32>(odd + at));
  }
}

/** The sum of two results, at every other position. */
function putSum(a: usize, b: usize, count: i32, atoms: i32, out: usize, first: i32): void {
  const row = <usize>atoms << 2;
  let to = out + <usize>first * row;
  for (let i = 0; i < count; i++, a += row, b += row, to += 2 * row) {
    let at: usize = 0;
    for (; at + 16 <= row; at += 16) v128.store(to + at, f32x4.add(v128.load(a + at), v128.load(b + at)));
    for (; at < row; at += 4) store<f32>(to + at, load<f32>(a + at) + load<f32>(b + at));
  }
}
