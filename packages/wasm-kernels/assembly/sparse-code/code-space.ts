/**
 * A convolutional lasso in code space: where its tables lie. Written by `src/kernels/sparse-code/tables.ts`, in this order.
 *
 * A code `[positions, atoms]` is one row of numbers behind the other, without gaps: what an entry adds to the correlation is one
 * run of numbers, and vectors of four go over it whatever the number of atoms is.
 */
@unmanaged
export class CodeSpace {
  /** Of the filters, in samples. */
  length: i32;
  channels: i32;
  atoms: i32;
  /** Samples from one position of the code to the next. */
  stride: i32;
  /** How many positions apart entries interact. */
  reach: i32;
  /** How often the correlation is halved, and the length of the filters that are left: 0, and `length` (`correlate.ts`). */
  levels: i32;
  leaf: i32;
  /** 3^levels times `[leaf · channels, atoms]` */
  filters: usize;
  /** `[atoms, MARGIN + 2 · reach + 1 + MARGIN, atoms]`, zeros in the margins. */
  gram: usize;
  /** Rows of 4 · atoms numbers: what is said of the atoms, four times over, so that it meets the vectors of four. */
  above: usize;
  below: usize;
  /** 1/above */
  perAbove: usize;
  /** 1/below; 1 where that is 0. */
  perBelow: usize;
  /** Of the shrinkage. */
  slope: usize;
}

/** Rows of a code that are looked at together; a whole number of vectors. */
export const BLOCK: i32 = 16;
/** Rows of zeros in front of and behind the Gram of an atom: a block, and vectors that go over its end. */
export const MARGIN: i32 = BLOCK + 8;

/** The bytes of one row of a code. */
// @ts-ignore: decorator
@inline
export function rowBytes(space: CodeSpace): usize {
  return <usize>space.atoms << 2;
}

/** Where lag −reach of an atom's Gram begins. */
// @ts-ignore: decorator
@inline
export function gramOf(space: CodeSpace, atom: i32): usize {
  return space.gram + <usize>(atom * (2 * space.reach + 1 + 2 * MARGIN) + MARGIN) * rowBytes(space);
}

/** Blocks of so many positions; the last may be cut short. */
// @ts-ignore: decorator
@inline
export function blocksOf(positions: i32): i32 {
  return (positions + BLOCK - 1) / BLOCK;
}

/** The next address that is a multiple of 16. */
// @ts-ignore: decorator
@inline
export function aligned(address: usize): usize {
  return (address + 15) & ~15;
}
