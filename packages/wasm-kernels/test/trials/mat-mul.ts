import fc from 'fast-check';
import { matMul } from '../../src/kernels/mat-mul.ts';
import { kernelTrial, normalInput } from '../support/kernel-trial.ts';

interface Sizes {
  /** Matrices in a stack of either factor. */
  readonly left: number;
  readonly right: number;
  readonly rows: number;
  readonly terms: number;
  readonly columns: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

export const matMulTrial = kernelTrial<Sizes>({
  name: 'matMul',
  sizes: fc.record({
    left: fc.constantFrom(1, 2),
    right: fc.constantFrom(1, 2),
    // Beyond a block of rows, and beyond the terms that are packed at a time.
    rows: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 1, max: 12 }) },
      fc.integer({ min: 38, max: 47 }),
    ),
    terms: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 20 }) }, fc.constant(600)),
    columns: fc.integer({ min: 1, max: 19 }),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
  }),
  inputs: ({ left, right, rows, terms, columns, transposeA, transposeB }, random) => [
    normalInput(random, transposeA ? [left, terms, rows] : [left, rows, terms]),
    normalInput(random, transposeB ? [right, columns, terms] : [right, terms, columns]),
  ],
  run: ([a, b], { left, right, transposeA, transposeB }) =>
    matMul(a!, b!, [Math.max(left, right)], transposeA, transposeB)!,
  reference: ([a, b], { left, right, rows, terms, columns, transposeA, transposeB }) => {
    const count = Math.max(left, right);
    const product = new Float64Array(count * rows * columns);
    for (let index = 0; index < count; index++)
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++)
          for (let term = 0; term < terms; term++) {
            const ofA =
              (left === 1 ? 0 : index * rows * terms) + (transposeA ? term * rows + row : row * terms + term);
            const ofB =
              (right === 1 ? 0 : index * terms * columns) +
              (transposeB ? column * terms + term : term * columns + column);
            product[(index * rows + row) * columns + column]! += a![ofA]! * b![ofB]!;
          }
    return product;
  },
});
