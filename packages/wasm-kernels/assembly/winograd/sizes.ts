import { ROWS } from '../tile';

/** Frequencies of one axis, and results. */
export const POINTS: i32 = 6;
export const RESULTS: i32 = 4;
export const FREQUENCIES: i32 = 36;
export const TAPS: i32 = 3;
/** 1/√2. */
export const ROOT: f32 = 0.70710678118654752;
/** Tiles of results that are computed at a time. */
export const BLOCK: i32 = 4 * ROWS;

// @ts-ignore: decorator
@inline
export function blocksOf(length: i32): i32 {
  return (length + TAPS - 1) / TAPS;
}

// @ts-ignore: decorator
@inline
export function tilesOf(positions: i32): i32 {
  return (positions + RESULTS - 1) / RESULTS;
}

/** Pixels of the image that so many positions reach as whole tiles and whole blocks. */
// @ts-ignore: decorator
@inline
export function reachOf(positions: i32, length: i32): i32 {
  return tilesOf(positions) * RESULTS + blocksOf(length) * TAPS - 1;
}
