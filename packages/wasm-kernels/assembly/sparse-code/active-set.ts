import { CodeSpace, gramOf } from './code-space';

// A few entries of a code that are made optimal together, each on its side of zero. In float64: neighbouring shifts of one atom
// are nearly the same, and their Gram nearly singular. An active set is its size and, behind it, arrays of LARGEST_SET numbers.

/** The most entries that are solved for together. */
export const LARGEST_SET: i32 = 16;
/** What makes a Gram that is nearly singular one that can be factored: where no entry is pulled, it moves none. */
const DAMPING: f64 = 1e-7;

const ARRAY: usize = <usize>LARGEST_SET << 3;
const MATRIX: usize = <usize>LARGEST_SET * ARRAY;
const POSITION: usize = 16;
const ATOM: usize = POSITION + ARRAY;
const VALUE: usize = ATOM + ARRAY;
const PULL: usize = VALUE + ARRAY;
const SIDE: usize = PULL + ARRAY;
const STEP: usize = SIDE + ARRAY;
const FREE: usize = STEP + ARRAY;
const GRAM: usize = FREE + ARRAY;
const FACTOR: usize = GRAM + MATRIX;
/** The bytes of an active set. */
export const ACTIVE_SET: usize = FACTOR + MATRIX;

// @ts-ignore: decorator
@inline
function at(set: usize, array: usize, index: i32): usize {
  return set + array + (<usize>index << 3);
}
// @ts-ignore: decorator
@inline
function cell(set: usize, matrix: usize, row: i32, column: i32): usize {
  return set + matrix + (<usize>(row * LARGEST_SET + column) << 3);
}

export function sizeOf(set: usize): i32 {
  return load<i32>(set);
}
export function clear(set: usize): void {
  store<i32>(set, 0);
}
export function positionAt(set: usize, index: i32): i32 {
  return load<i32>(at(set, POSITION, index));
}
export function atomAt(set: usize, index: i32): i32 {
  return load<i32>(at(set, ATOM, index));
}
export function valueAt(set: usize, index: i32): f32 {
  return <f32>load<f64>(at(set, VALUE, index));
}
export function add(set: usize, position: i32, atom: i32): void {
  const size = load<i32>(set);
  store<i32>(at(set, POSITION, size), position);
  store<i32>(at(set, ATOM, size), atom);
  store<i32>(set, size + 1);
}

/** Reads the values of the entries, what pulls them, and the Gram between them. */
export function prepare(space: CodeSpace, set: usize, correlation: usize, code: usize): void {
  const size = sizeOf(set);
  const atoms = space.atoms;
  const reach = space.reach;
  for (let i = 0; i < size; i++) {
    const position = positionAt(set, i);
    const atom = atomAt(set, i);
    const entry = <usize>(position * atoms + atom) << 2;
    const value = load<f32>(code + entry);
    const c = load<f32>(correlation + entry);
    // An entry at zero goes where it is pulled.
    const side = value != 0 ? value : c;
    const weight = side > 0
      ? load<f32>(space.above + (<usize>atom << 2))
      : -load<f32>(space.below + (<usize>atom << 2));
    store<f64>(at(set, VALUE, i), <f64>value);
    store<f64>(at(set, PULL, i), <f64>c - <f64>weight);
    store<f64>(at(set, SIDE, i), side > 0 ? 1 : -1);
    store<i32>(at(set, FREE, i), i);
    const gram = gramOf(space, atom);
    for (let j = 0; j <= i; j++) {
      const lag = positionAt(set, j) - position;
      const index = (lag + reach) * atoms + atomAt(set, j);
      const value = abs(lag) <= reach ? <f64>load<f32>(gram + (<usize>index << 2)) : 0;
      store<f64>(cell(set, GRAM, i, j), value);
      store<f64>(cell(set, GRAM, j, i), value);
    }
  }
}

/**
 * Newton's step, cut where the first entry meets zero, which leaves the set; again until a step is made in full.
 *
 * Lawson & Hanson 1974, *Solving least squares problems*, chapter 23 (NNLS).
 */
export function solve(set: usize): void {
  const size = sizeOf(set);
  let free = size;
  while (free > 0) {
    newtonStep(set, free);
    let fraction: f64 = 1;
    for (let i = 0; i < free; i++) {
      const entry = load<i32>(at(set, FREE, i));
      const value = load<f64>(at(set, VALUE, entry));
      const by = load<f64>(at(set, STEP, i));
      const side = load<f64>(at(set, SIDE, entry));
      // An entry at zero that is pushed off its side leaves at once: fraction 0.
      if (by * side < 0 && (value + by) * side <= 0) fraction = min(fraction, -value / by);
    }
    let left = 0;
    for (let i = 0; i < free; i++) {
      const entry = load<i32>(at(set, FREE, i));
      const value = load<f64>(at(set, VALUE, entry));
      const by = load<f64>(at(set, STEP, i));
      const side = load<f64>(at(set, SIDE, entry));
      const next = value + fraction * by;
      const meetsZero = fraction < 1 && by * side < 0 && abs(next) <= 1e-12 * abs(by);
      const moved = (meetsZero ? 0 : next) - value;
      store<f64>(at(set, VALUE, entry), meetsZero ? 0 : next);
      if (fraction < 1) {
        for (let other = 0; other < size; other++) {
          const pull = at(set, PULL, other);
          store<f64>(pull, load<f64>(pull) - moved * load<f64>(cell(set, GRAM, entry, other)));
        }
      }
      if (!meetsZero) store<i32>(at(set, FREE, left++), entry);
    }
    if (fraction == 1) return;
    free = left;
  }
}

/** (G + damping)⁻¹ · pull on the free entries, by Cholesky. */
function newtonStep(set: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const row = load<i32>(at(set, FREE, i));
    let right = load<f64>(at(set, PULL, row));
    const diagonal = load<f64>(cell(set, GRAM, row, row));
    let pivot = diagonal * (1 + DAMPING);
    for (let j = 0; j < i; j++) {
      let value = load<f64>(cell(set, GRAM, row, load<i32>(at(set, FREE, j))));
      for (let k = 0; k < j; k++) value -= load<f64>(cell(set, FACTOR, i, k)) * load<f64>(cell(set, FACTOR, j, k));
      // The diagonal is kept as its inverse: divisions take long.
      value *= load<f64>(cell(set, FACTOR, j, j));
      store<f64>(cell(set, FACTOR, i, j), value);
      right -= value * load<f64>(at(set, STEP, j));
      pivot -= value * value;
    }
    const perRoot = 1 / sqrt(max(pivot, DAMPING * diagonal));
    store<f64>(cell(set, FACTOR, i, i), perRoot);
    store<f64>(at(set, STEP, i), right * perRoot);
  }
  for (let i = count - 1; i >= 0; i--) {
    let value = load<f64>(at(set, STEP, i));
    for (let k = i + 1; k < count; k++) value -= load<f64>(cell(set, FACTOR, k, i)) * load<f64>(at(set, STEP, k));
    store<f64>(at(set, STEP, i), value * load<f64>(cell(set, FACTOR, i, i)));
  }
}
